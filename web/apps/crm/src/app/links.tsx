/** Mantine's clickable things as typed links of this app's router. */
import { Button, type ButtonProps, Menu, type MenuItemProps, NavLink } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type AnchorButtonProps = ButtonProps & Omit<ComponentProps<'a'>, keyof ButtonProps>;

/** Without `component` it would be a button that only looks like a link. */
function AnchorButton(props: AnchorButtonProps) {
  return <Button component="a" {...props} />;
}

type AnchorItemProps = MenuItemProps & Omit<ComponentProps<'a'>, keyof MenuItemProps>;

function AnchorMenuItem(props: AnchorItemProps) {
  return <Menu.Item component="a" {...props} />;
}

export const LinkMenuItem = createLink(AnchorMenuItem);
export const LinkButton = createLink(AnchorButton);
export const LinkItem = createLink(NavLink<'a'>);
