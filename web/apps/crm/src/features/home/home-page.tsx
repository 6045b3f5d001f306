/** Where one begins: what is to be done, and what one worked on last. */

import { LinkText, Loaded } from '@abetworks/app-kit';
import { formatDateTime } from '@abetworks/ui';
import { Box, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { profileQuery } from '@/features/people/api/profile';
import { TaskLine } from '@/features/records/components/task-line';
import {
  type CrmRecord,
  listed,
  may,
  type ObjectDescription,
  titleOf,
} from '@/features/records/description';
import { ObjectIcon } from '@/features/records/object-icon';
import { useObjects } from '@/features/records/use-objects';
import { firstQuery, myTasksQuery, recentQuery } from './api';
import classes from './home-page.module.css';
import { SampleDataNotice } from './sample-data';
import { byDue } from './tasks';
import { Welcome } from './welcome';

interface HomePageProps {
  name: string;
  readOnly: boolean;
}

export function HomePage({ name, readOnly }: HomePageProps) {
  const { t } = useTranslation('crm');
  const objects = listed(useObjects()).filter((object) => may(object, 'read'));
  const tasks = objects.find((object) => object.name === 'task');
  const isEmpty = useIsEmpty(objects);
  const areas = useQuery(profileQuery(useClient())).data?.areas ?? [];
  return (
    <Stack gap="lg" p={{ base: 'sm', sm: 'lg' }} className={classes.page ?? ''}>
      <Title order={1} fz={24}>
        {t('home.hello', { name })}
      </Title>
      {isEmpty && !readOnly ? <Welcome objects={objects} areas={areas} /> : null}
      {areas.includes('organisation') && !readOnly ? <SampleDataNotice /> : null}
      <Box className={classes.columns}>
        {tasks === undefined ? null : <MyTasks object={tasks} readOnly={readOnly} />}
        <Recent objects={objects.filter((object) => object !== tasks)} />
      </Box>
    </Stack>
  );
}

function useIsEmpty(objects: ObjectDescription[]): boolean {
  const client = useClient();
  const answers = useQueries({ queries: objects.map((object) => firstQuery(client, object)) });
  return answers.length > 0 && answers.every(({ data }) => data?.items.length === 0);
}

const WHEN = ['overdue', 'today', 'upcoming'] as const;

function MyTasks({ object, readOnly }: { object: ObjectDescription; readOnly: boolean }) {
  const { t } = useTranslation('crm');
  const tasks = useQuery(myTasksQuery(useClient(), object));
  return (
    <Paper withBorder radius="lg" p="md">
      <Title order={2} fz="lg" mb="sm">
        {t('home.tasks')}
      </Title>
      <Loaded query={tasks}>
        {({ items }) => {
          const due = byDue(items, new Date());
          return items.length === 0 ? (
            <Text c="dimmed">{t('home.noTasks')}</Text>
          ) : (
            <Stack gap="md">
              {WHEN.filter((when) => due[when].length > 0).map((when) => (
                <section key={when} aria-label={t(`home.${when}`)}>
                  <Text
                    fw={600}
                    size="sm"
                    mb={4}
                    {...(when === 'overdue' ? { c: 'var(--mantine-color-error)' } : {})}
                  >
                    {t(`home.${when}`)} · {due[when].length}
                  </Text>
                  <Stack gap="xs">
                    {due[when].map((task) => (
                      <TaskLine key={task.id} task={task} readOnly={readOnly} />
                    ))}
                  </Stack>
                </section>
              ))}
            </Stack>
          );
        }}
      </Loaded>
    </Paper>
  );
}

const MOST = 10;

interface Found {
  object: ObjectDescription;
  record: CrmRecord;
}

function Recent({ objects }: { objects: ObjectDescription[] }) {
  const { t, i18n } = useTranslation(['crm', 'kit']);
  const client = useClient();
  const answers = useQueries({ queries: objects.map((object) => recentQuery(client, object)) });
  const found: Found[] = objects.flatMap((object, place) =>
    (answers[place]?.data?.items ?? []).map((record) => ({ object, record })),
  );
  const when = ({ record }: Found) => String(record.updated_at ?? '');
  const latest = found.sort((one, other) => (when(one) < when(other) ? 1 : -1)).slice(0, MOST);
  const isPending = answers.some((answer) => answer.isPending);
  const failed = answers.find((answer) => answer.isError);
  return (
    <Paper withBorder radius="lg" p="md" aria-busy={isPending}>
      <Title order={2} fz="lg" mb="sm">
        {t('home.recent')}
      </Title>
      {failed === undefined ? null : (
        <Text role="alert" size="sm">
          {t('kit:failed.title')}
        </Text>
      )}
      {!isPending && failed === undefined && latest.length === 0 ? (
        <Text c="dimmed">{t('home.noRecent')}</Text>
      ) : null}
      <Stack gap="xs">
        {latest.map(({ object, record }) => (
          <Group key={record.id} gap="sm" wrap="nowrap">
            <ObjectIcon name={object.name} size={18} />
            <LinkText
              to="/$path/$recordId"
              params={{ path: object.path, recordId: record.id }}
              truncate
              flex={1}
            >
              {titleOf(object, record)}
            </LinkText>
            <Text size="sm" c="dimmed" flex="none">
              {formatDateTime(String(record.updated_at), i18n.language)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
