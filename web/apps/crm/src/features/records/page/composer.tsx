/** Writing a note about a record, or a task. */

import { useServerForm } from '@abetworks/app-kit';
import { fromWallClock } from '@abetworks/ui';
import {
  Alert,
  Button,
  Group,
  Paper,
  SegmentedControl,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddActivity } from '../api/timeline';
import { may, type ObjectDescription } from '../description';
import { useObjects, useText } from '../use-objects';

interface ComposerProps {
  object: ObjectDescription;
  recordId: string;
}

const KINDS = ['note', 'task'] as const;
type Kind = (typeof KINDS)[number];

export function Composer({ object, recordId }: ComposerProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const objects = useObjects().filter(
    ({ name }) => KINDS.some((kind) => kind === name) && name !== object.name,
  );
  const offered = KINDS.flatMap((kind) =>
    objects.filter((candidate) => candidate.name === kind && may(candidate, 'create')),
  );
  const [chosen, setChosen] = useState<Kind>('note');
  const kind = offered.some(({ name }) => name === chosen)
    ? chosen
    : (offered[0]?.name as Kind | undefined);
  if (kind === undefined) return null;
  return (
    <Paper withBorder radius="lg" p="md">
      <Stack gap="sm">
        {offered.length < 2 ? null : (
          <SegmentedControl
            aria-label={t('timeline.kind')}
            value={kind}
            onChange={(value) => setChosen(value as Kind)}
            data={offered.map(({ name, label }) => ({ value: name, label: text(label) }))}
          />
        )}
        {kind === 'note' ? (
          <NoteForm object={object} recordId={recordId} />
        ) : (
          <TaskForm object={object} recordId={recordId} />
        )}
      </Stack>
    </Paper>
  );
}

function NoteForm({ object, recordId }: ComposerProps) {
  const { t } = useTranslation('crm');
  const { note } = useAddActivity(object, recordId);
  const { form, refusal, clear, refuse } = useServerForm({ body: '' }, ['body']);
  const submit = form.onSubmit(({ body }) => {
    clear();
    note.mutate(body, { onSuccess: () => form.reset(), onError: refuse });
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xs">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <Textarea
          aria-label={t('timeline.note')}
          placeholder={t('timeline.note')}
          autosize
          minRows={2}
          maxRows={10}
          {...form.getInputProps('body')}
        />
        <Group justify="flex-end">
          <Button type="submit" size="xs" loading={note.isPending}>
            {t('timeline.addNote')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function TaskForm({ object, recordId }: ComposerProps) {
  const { t } = useTranslation('crm');
  const { task } = useAddActivity(object, recordId);
  const { form, refusal, clear, refuse } = useServerForm({ name: '', due_at: '' }, [
    'name',
    'due_at',
  ]);
  const submit = form.onSubmit(({ name, due_at }) => {
    clear();
    task.mutate(
      { name, due_at: due_at === '' ? null : (fromWallClock(due_at) ?? due_at) },
      { onSuccess: () => form.reset(), onError: refuse },
    );
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xs">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <TextInput label={t('timeline.task')} {...form.getInputProps('name')} />
        <TextInput
          label={t('timeline.due')}
          type="datetime-local"
          {...form.getInputProps('due_at')}
        />
        <Group justify="flex-end">
          <Button type="submit" size="xs" loading={task.isPending}>
            {t('timeline.addTask')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
