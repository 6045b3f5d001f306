/** Background jobs of everyone: how they stand, calling them off, taking them up again. */

import { Loaded, useNotifyRefusal } from '@abetworks/app-kit';
import { formatCount, formatDateTime, StateView } from '@abetworks/ui';
import { Badge, Button, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconClockPlay } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { isOver } from '@/features/exports/api/exports';
import { SettingsPage } from '@/features/settings/components/settings-page';
import { allJobsQuery, type ListedJob, useCancelJob, useRetryJob } from '../api/jobs';

export function JobsPage() {
  const { t } = useTranslation('crm');
  const jobs = useInfiniteQuery(allJobsQuery(useClient()));
  return (
    <SettingsPage title={t('settings.jobs.title')} text={t('settings.jobs.text')}>
      <Loaded query={jobs}>
        {({ pages }) => {
          const list = pages.flatMap(({ items }) => items);
          if (list.length === 0) {
            return (
              <StateView
                icon={<IconClockPlay aria-hidden />}
                title={t('settings.jobs.none')}
                text={t('settings.jobs.noneText')}
              />
            );
          }
          return (
            <Stack gap="sm">
              <JobTable jobs={list} />
              {jobs.hasNextPage ? (
                <Group>
                  <Button
                    size="xs"
                    variant="default"
                    loading={jobs.isFetchingNextPage}
                    onClick={() => void jobs.fetchNextPage()}
                  >
                    {t('timeline.older')}
                  </Button>
                </Group>
              ) : null}
            </Stack>
          );
        }}
      </Loaded>
    </SettingsPage>
  );
}

function JobTable({ jobs }: { jobs: ListedJob[] }) {
  const { t } = useTranslation('crm');
  return (
    <Table.ScrollContainer minWidth={620}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.jobs.kind')}</Table.Th>
            <Table.Th>{t('settings.users.state')}</Table.Th>
            <Table.Th>{t('settings.jobs.progress')}</Table.Th>
            <Table.Th>
              <VisuallyHidden>{t('settings.actions')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const COLOURS: Record<ListedJob['state'], string> = {
  queued: 'gray',
  running: 'indigo',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'gray',
};

function JobRow({ job }: { job: ListedJob }) {
  const { t, i18n } = useTranslation('crm');
  const cancel = useCancelJob();
  const retry = useRetryJob();
  const notify = useNotifyRefusal();
  const { done, total } = job.progress;
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={500}>{job.kind}</Text>
        <Text size="sm" c="dimmed">
          {job.requested_by?.name ?? t('timeline.nobody')} ·{' '}
          {formatDateTime(job.created_at, i18n.language)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={COLOURS[job.state]} tt="none">
          {t(`settings.jobs.states.${job.state}`)}
        </Badge>
        {job.error == null ? null : (
          <Text size="sm" c="dimmed">
            {job.error.code}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {formatCount(done, i18n.language)}
        {total == null ? '' : ` / ${formatCount(total, i18n.language)}`}
      </Table.Td>
      <Table.Td ta="end">
        {isOver(job) ? null : (
          <Button
            size="xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(job.id, { onError: notify })}
          >
            {t('settings.jobs.cancel')}
          </Button>
        )}
        {job.state === 'failed' ? (
          <Button
            size="xs"
            variant="default"
            loading={retry.isPending}
            onClick={() => retry.mutate(job.id, { onError: notify })}
          >
            {t('settings.jobs.retry')}
          </Button>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}
