/** A secret that the server tells once: to be copied now. */
import { ActionIcon, Alert, Code, CopyButton, Group, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface ShownOnceProps {
  title: string;
  /** What it is for, and until when. */
  text: string;
  value: string;
}

export function ShownOnce({ title, text, value }: ShownOnceProps) {
  const { t } = useTranslation('kit');
  return (
    <Alert color="green" role="status" title={title}>
      <Text size="sm" mb="xs">
        {text}
      </Text>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Code block flex={1} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {value}
        </Code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={t(copied ? 'secret.copied' : 'secret.copy')}
              onClick={copy}
            >
              {copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
            </ActionIcon>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
