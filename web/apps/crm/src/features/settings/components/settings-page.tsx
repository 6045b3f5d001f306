/** The frame of one page of the settings: its name, what it is for, what can be done on it. */
import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface SettingsPageProps {
  title: string;
  text?: string;
  action?: ReactNode;
  children: ReactNode;
}

export function SettingsPage({ title, text, action, children }: SettingsPageProps) {
  return (
    <Stack gap="lg" maw={1100}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1} fz={24}>
            {title}
          </Title>
          {text === undefined ? null : (
            <Text c="dimmed" mt={4} maw={640}>
              {text}
            </Text>
          )}
        </div>
        {action}
      </Group>
      {children}
    </Stack>
  );
}
