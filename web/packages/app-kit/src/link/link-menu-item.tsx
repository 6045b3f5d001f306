/** A menu's item as a typed link. Apart from the other links: what a menu is made of is large. */
import { Menu, type MenuItemProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type AnchorItemProps = MenuItemProps & Omit<ComponentProps<'a'>, keyof MenuItemProps>;

function AnchorMenuItem(props: AnchorItemProps) {
  return <Menu.Item component="a" {...props} />;
}

export const LinkMenuItem = createLink(AnchorMenuItem);
