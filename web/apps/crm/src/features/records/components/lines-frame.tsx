/** The frame of a field whose value is several lines: its name, what is wrong with it, one more line, one less. */
import { ActionIcon, Button, Fieldset, Input, Stack } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface LinesFrameProps {
  label: string;
  readOnly: boolean;
  error: ReactNode;
  onAdd: () => void;
  /** The lines. */
  children: ReactNode;
}

export function LinesFrame({ label, readOnly, error, onAdd, children }: LinesFrameProps) {
  const { t } = useTranslation('crm');
  return (
    <Fieldset legend={label} radius="md" disabled={readOnly}>
      <Stack gap="sm">
        {children}
        {error === undefined || error === null ? null : (
          <Input.Error role="alert">{error}</Input.Error>
        )}
        {readOnly ? null : (
          <div>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={14} aria-hidden />}
              aria-label={t('addresses.addTo', { field: label })}
              onClick={onAdd}
            >
              {t('addresses.add')}
            </Button>
          </div>
        )}
      </Stack>
    </Fieldset>
  );
}

interface RemoveLineProps {
  /** What the line is called: `E-mails 2`. */
  name: string;
  /** Without it the line stays. */
  onRemove: (() => void) | undefined;
}

export function RemoveLine({ name, onRemove }: RemoveLineProps) {
  const { t } = useTranslation('crm');
  if (onRemove === undefined) return null;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={t('addresses.remove', { name })}
      onClick={onRemove}
    >
      <IconTrash size={16} aria-hidden />
    </ActionIcon>
  );
}
