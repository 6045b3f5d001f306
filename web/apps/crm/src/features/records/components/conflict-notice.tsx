/** Someone else saved first: which fields they changed, and whose values to keep. */
import { ProblemError } from '@abetworks/api-crm';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CrmRecord, FieldDescription, ObjectDescription } from '../description';
import { formFields } from '../record-values';
import { useObjectWords, useText } from '../use-objects';

export interface Conflict {
  current: CrmRecord;
  changed: FieldDescription[];
}

/** `undefined` when the refusal is no conflict, or does not tell the present state. */
export function conflictOf(
  error: unknown,
  base: CrmRecord,
  object: ObjectDescription,
): Conflict | undefined {
  if (!(error instanceof ProblemError) || error.code !== 'precondition-failed') return undefined;
  const { current, changed = [] } = error.problem;
  if (typeof current !== 'object' || current === null) return undefined;
  // The server leaves out what the reader may not see.
  const whole = { ...base, ...(current as Partial<CrmRecord>) };
  return {
    current: whole,
    changed: formFields(object).filter(({ name }) => changed.includes(name)),
  };
}

interface ConflictNoticeProps {
  object: ObjectDescription;
  conflict: Conflict;
  onTheirs: (current: CrmRecord) => void;
  onMine: (current: CrmRecord) => void;
}

export function ConflictNotice({ object, conflict, onTheirs, onMine }: ConflictNoticeProps) {
  const { t, i18n } = useTranslation('crm');
  const text = useText();
  const words = useObjectWords(object);
  const names = conflict.changed.map(({ label }) => text(label));
  const list = new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(names);
  return (
    <Alert color="yellow" icon={<IconUsers aria-hidden />} title={t('conflict.title')}>
      <Text size="sm">
        {names.length === 0
          ? words.bent('changedMeanwhile')
          : t('conflict.fields', { fields: list })}
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
