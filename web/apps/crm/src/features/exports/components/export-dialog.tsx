/** Exporting the accounts: start, progress, download. Closing it does not stop the export. */
import { type Job, ProblemError } from '@abetworks/api-crm';
import {
  formatBytes,
  formatCount,
  formatDateTime,
  useProblemWording,
  useReturnFocus,
} from '@abetworks/ui';
import { Alert, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../app/context';
import { fileAddress, isOver, jobQuery, useStartExport } from '../api/exports';

export function ExportDialog() {
  const { t } = useTranslation('crm');
  const navigate = useNavigate();
  const wordProblem = useProblemWording();
  useReturnFocus();
  const start = useStartExport();
  const followed = useQuery(jobQuery(useClient(), start.data?.id));
  const job = followed.data ?? start.data;
  const error = start.error ?? (followed.data === undefined ? followed.error : null);
  return (
    <Modal
      opened
      onClose={() => void navigate({ to: '/accounts', search: true })}
      title={t('exports.accounts')}
      transitionProps={{ duration: 0 }}
    >
      <Stack gap="md">
        {error === null ? null : (
          <Alert color="red">
            {wordProblem(error instanceof ProblemError ? error.code : 'internal')}
          </Alert>
        )}
        {job === undefined ? <Text>{t('exports.text')}</Text> : <JobState job={job} />}
        {job === undefined || job.state === 'failed' || job.state === 'cancelled' ? (
          <Group justify="flex-end">
            <Button loading={start.isPending} onClick={() => start.mutate()} data-autofocus>
              {t('exports.start')}
            </Button>
          </Group>
        ) : null}
      </Stack>
    </Modal>
  );
}

function JobState({ job }: { job: Job }) {
  const { t } = useTranslation('crm');
  if (!isOver(job)) return <Running job={job} />;
  if (job.state === 'succeeded' && job.result != null) {
    return <Finished id={job.id} result={job.result} />;
  }
  return (
    <Alert color="red" title={t('exports.failed')}>
      {t('exports.failedText', { code: job.error?.code ?? job.state })}
    </Alert>
  );
}

function Running({ job }: { job: Job }) {
  const { t, i18n } = useTranslation('crm');
  const { done, total } = job.progress;
  const share = total == null || total === 0 ? 0 : Math.min(100, (100 * done) / total);
  return (
    <Stack gap="xs">
      <Text role="status">
        {job.state === 'queued'
          ? t('exports.queued')
          : t('exports.running', { done: formatCount(done, i18n.language) })}
      </Text>
      <Progress.Root size="lg">
        <Progress.Section value={share} aria-label={t('exports.progress')} animated />
      </Progress.Root>
      <Text size="sm" c="dimmed">
        {t('exports.leave')}
      </Text>
    </Stack>
  );
}

type Result = NonNullable<Job['result']>;

function Finished({ id, result }: { id: string; result: Result }) {
  const { t, i18n } = useTranslation('crm');
  const language = i18n.language;
  return (
    <Stack gap="md">
      <Text role="status">
        {t('exports.done', {
          count: result.rows,
          rows: formatCount(result.rows, language),
          size: formatBytes(result.bytes, language),
        })}
      </Text>
      <Button
        component="a"
        href={fileAddress(id)}
        download={result.file_name}
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {t('exports.download', { name: result.file_name })}
      </Button>
      <Text size="sm" c="dimmed">
        {t('exports.until', { when: formatDateTime(result.expires_at, language) })}
      </Text>
    </Stack>
  );
}
