/** What stands where data would be: nothing yet, nothing found, not allowed, failed. */
import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export interface StateViewProps {
  icon: ReactNode;
  title: string;
  text: string;
  action?: ReactNode;
  /** An error is announced at once; the other states are read when they are reached. */
  failed?: boolean;
}

export function StateView({ icon, title, text, action, failed = false }: StateViewProps) {
  return (
    <Stack
      role={failed ? 'alert' : undefined}
      align="center"
      justify="center"
      gap="xs"
      p="xl"
      mih={320}
      flex={1}
      ta="center"
    >
      <ThemeIcon
        size={52}
        radius="xl"
        variant="light"
        color={failed ? 'red' : 'indigo'}
        aria-hidden
      >
        {icon}
      </ThemeIcon>
      <Title order={2} fz="lg" mt="sm">
        {title}
      </Title>
      <Text c="dimmed" maw={420} mb="sm">
        {text}
      </Text>
      {action}
    </Stack>
  );
}
