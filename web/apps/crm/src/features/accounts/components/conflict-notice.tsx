/** Someone else saved first: which fields they changed, and whose values to keep. */
import { type Account, ProblemError } from '@abetworks/api-crm';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type AccountField, FIELDS } from '../account-values';

export interface Conflict {
  current: Account;
  changed: AccountField[];
}

/** `undefined` when the refusal is no conflict, or does not tell the present state. */
export function conflictOf(error: unknown, base: Account): Conflict | undefined {
  if (!(error instanceof ProblemError) || error.code !== 'precondition-failed') return undefined;
  const { current, changed = [] } = error.problem;
  if (typeof current !== 'object' || current === null) return undefined;
  // The server leaves out what the reader may not see.
  const whole = { ...base, ...(current as Partial<Account>) };
  return { current: whole, changed: FIELDS.filter((field) => changed.includes(field)) };
}

interface ConflictNoticeProps {
  conflict: Conflict;
  onTheirs: (current: Account) => void;
  onMine: (current: Account) => void;
}

export function ConflictNotice({ conflict, onTheirs, onMine }: ConflictNoticeProps) {
  const { t, i18n } = useTranslation('crm');
  const names = conflict.changed.map((field) => t(`accounts.fields.${field}`));
  const list = new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(names);
  return (
    <Alert color="yellow" icon={<IconUsers aria-hidden />} title={t('conflict.title')}>
      <Text size="sm">
        {names.length === 0 ? t('conflict.text') : t('conflict.fields', { fields: list })}
      </Text>
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={() => onTheirs(conflict.current)}>
          {t('conflict.theirs')}
        </Button>
        <Button size="xs" variant="default" onClick={() => onMine(conflict.current)}>
          {t('conflict.mine')}
        </Button>
      </Group>
    </Alert>
  );
}
