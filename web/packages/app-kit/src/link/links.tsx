/** Mantine's clickable things as typed links of the app's router. */
import { Anchor, type AnchorProps, Button, type ButtonProps, NavLink } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type AnchorButtonProps = ButtonProps & Omit<ComponentProps<'a'>, keyof ButtonProps>;

/** Without `component` it would be a button that only looks like a link. */
function AnchorButton(props: AnchorButtonProps) {
  return <Button component="a" {...props} />;
}

export const LinkButton = createLink(AnchorButton);
export const LinkItem = createLink(NavLink<'a'>);

type TextLinkProps = AnchorProps & Omit<ComponentProps<'a'>, keyof AnchorProps>;

function TextLink(props: TextLinkProps) {
  return <Anchor underline="always" {...props} />;
}

export const LinkText = createLink(TextLink);
