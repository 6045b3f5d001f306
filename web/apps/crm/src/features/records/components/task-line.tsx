/** A task in one line: its name, when it is due, and a way to be done with it. */

import { LinkText, useNotifyRefusal } from '@abetworks/app-kit';
import { formatDateTime } from '@abetworks/ui';
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUpdateRecord } from '../api/records';
import { type CrmRecord, may, type ObjectDescription, titleOf } from '../description';
import { useObjects } from '../use-objects';

export const DONE = 'done';

interface TaskLineProps {
  task: CrmRecord;
  readOnly: boolean;
}

export function TaskLine({ task, readOnly }: TaskLineProps) {
  const object = useObjects().find(({ name }) => name === 'task');
  if (object === undefined) return <Text>{String(task.name ?? '')}</Text>;
  return <KnownTask object={object} task={task} readOnly={readOnly || !may(object, 'update')} />;
}

function KnownTask({ object, task, readOnly }: TaskLineProps & { object: ObjectDescription }) {
  const { t, i18n } = useTranslation('crm');
  const update = useUpdateRecord(object);
  const notify = useNotifyRefusal();
  const isDone = task.status === DONE;
  const name = titleOf(object, task);
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <LinkText
          to="/$path/$recordId"
          params={{ path: object.path, recordId: task.id }}
          {...(isDone ? { td: 'line-through' } : {})}
        >
          {name}
        </LinkText>
        {typeof task.due_at === 'string' ? (
          <Text size="sm" c="dimmed">
            {t('timeline.dueAt', { when: formatDateTime(task.due_at, i18n.language) })}
          </Text>
        ) : null}
      </div>
      {readOnly || isDone ? null : (
        <Button
          size="compact-sm"
          variant="default"
          flex="none"
          aria-label={t('timeline.doneWith', { name })}
          loading={update.isPending}
          onClick={() =>
            update.mutate({ base: task, patch: { status: DONE } }, { onError: notify })
          }
        >
          {t('timeline.done')}
        </Button>
      )}
    </Group>
  );
}
