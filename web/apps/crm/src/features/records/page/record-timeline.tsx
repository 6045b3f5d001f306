/** What happened to a record: changes, notes and tasks, newest first. */

import { useRefusalWording } from '@abetworks/app-kit';
import { formatDateTime } from '@abetworks/ui';
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { type TimelineChange, type TimelineEntry, timelineQuery } from '../api/timeline';
import type { NameOf } from '../components/field-cell-props';
import { FieldCell } from '../components/record-cells';
import { TaskLine } from '../components/task-line';
import { useNames } from '../components/use-names';
import {
  type CrmRecord,
  type FieldDescription,
  fieldOf,
  holdsAddresses,
  type ObjectDescription,
} from '../description';
import { useText } from '../use-objects';
import classes from './record-page.module.css';

interface RecordTimelineProps {
  object: ObjectDescription;
  recordId: string;
  readOnly: boolean;
}

export function RecordTimeline({ object, recordId, readOnly }: RecordTimelineProps) {
  const { t } = useTranslation(['crm', 'ui']);
  const word = useRefusalWording();
  const timeline = useInfiniteQuery(timelineQuery(useClient(), object.path, recordId));
  const entries = useMemo(
    () => timeline.data?.pages.flatMap(({ items }) => items) ?? [],
    [timeline.data],
  );
  const rows = useMemo(() => entries.flatMap(referring), [entries]);
  const pages = useMemo(() => [rows], [rows]);
  const nameOf = useNames(object.fields, pages);
  return (
    <Paper
      component="section"
      withBorder
      radius="lg"
      p="md"
      aria-label={t('timeline.title')}
      aria-busy={timeline.isPending}
    >
      <Title order={2} fz="md" mb="sm">
        {t('timeline.title')}
      </Title>
      {timeline.isError ? (
        <Group role="alert" mb="sm">
          <Text size="sm">{word(timeline.error)}</Text>
          <Button size="compact-sm" variant="default" onClick={() => void timeline.refetch()}>
            {t('ui:actions.retry')}
          </Button>
        </Group>
      ) : null}
      {timeline.isSuccess && entries.length === 0 ? (
        <Text c="dimmed">{t('timeline.none')}</Text>
      ) : null}
      <Stack component="ol" gap="md" p={0} m={0} style={{ listStyle: 'none' }}>
        {entries.map((entry) => (
          <li key={`${entry.kind}-${entry.id}`} className={classes.entry}>
            <Entry object={object} entry={entry} nameOf={nameOf} readOnly={readOnly} />
          </li>
        ))}
      </Stack>
      {timeline.hasNextPage ? (
        <Button
          mt="md"
          size="xs"
          variant="default"
          loading={timeline.isFetchingNextPage}
          onClick={() => void timeline.fetchNextPage()}
        >
          {t('timeline.older')}
        </Button>
      ) : null}
    </Paper>
  );
}

/** The record as it was and as it became, as far as a change tells: what it refers to has names. */
function referring({ id, change }: TimelineEntry): CrmRecord[] {
  if (change === undefined) return [];
  const side = (of: 'old' | 'new') =>
    Object.fromEntries(Object.entries(change.changes).map(([name, value]) => [name, value[of]]));
  return [
    { ...side('old'), id, version: 0 },
    { ...side('new'), id, version: 0 },
  ];
}

interface EntryProps {
  object: ObjectDescription;
  entry: TimelineEntry;
  nameOf: NameOf;
  readOnly: boolean;
}

function Entry({ object, entry, nameOf, readOnly }: EntryProps) {
  const { t, i18n } = useTranslation('crm');
  const { kind, at, actor, change, record } = entry;
  // Of a task only its present state is told, not who made it.
  const who = actor?.name ?? t(kind === 'task' ? 'timeline.aTask' : 'timeline.nobody');
  return (
    <>
      <Text size="sm" c="dimmed">
        {who} · <time dateTime={at}>{formatDateTime(at, i18n.language)}</time>
      </Text>
      {kind === 'note' && record !== undefined ? (
        <Text className={classes.body ?? ''}>{String(record.body ?? '')}</Text>
      ) : null}
      {kind === 'task' && record !== undefined ? (
        <TaskLine task={record} readOnly={readOnly} />
      ) : null}
      {change === undefined ? null : <Change object={object} change={change} nameOf={nameOf} />}
    </>
  );
}

function isPrimaryOf(
  object: ObjectDescription,
  { name }: FieldDescription,
  change: TimelineChange,
) {
  const list = object.fields.find((field) => holdsAddresses(field) && field.target === name);
  return list !== undefined && list.name in change.changes;
}

const KINDS = ['created', 'updated', 'deleted', 'restored'] as const;

function Change({
  object,
  change,
  nameOf,
}: Pick<EntryProps, 'object' | 'nameOf'> & { change: TimelineChange }) {
  const { t } = useTranslation('crm');
  const text = useText();
  const kind = KINDS.find((known) => known === change.kind);
  if (kind !== 'updated') {
    return <Text>{kind === undefined ? change.kind : t(`timeline.kinds.${kind}`)}</Text>;
  }
  return Object.entries(change.changes).map(([name, value]) => {
    const field = fieldOf(object, name);
    // Not a field that the reader may see, or one that is gone.
    if (field === undefined) return null;
    // The list, which changed with it, tells more.
    if (isPrimaryOf(object, field, change)) return null;
    const cell = (shown: unknown) => (
      <FieldCell field={field} record={{ id: '', version: 0, [name]: shown }} nameOf={nameOf} />
    );
    // Erased, or about records that the reader may not see.
    const withheld = value.old === null && value.new === null;
    return (
      <Text key={name} className={classes.body ?? ''}>
        {text(field.label)}:{' '}
        {withheld ? (
          t('timeline.withheld')
        ) : (
          <>
            {cell(value.old)} → {cell(value.new)}
          </>
        )}
      </Text>
    );
  });
}
