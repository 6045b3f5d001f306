/** Exporting an object's records: start, progress, download. Closing it does not stop the export. */
import type { Job } from '@abetworks/api-crm';
import { codeOf } from '@abetworks/app-kit';
import { ProblemError } from '@abetworks/problem';
import { useProblemWording } from '@abetworks/problem/wording';
import { formatBytes, formatCount, formatDateTime, useReturnFocus } from '@abetworks/ui';
import { Alert, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { type ObjectDescription, titleFields } from '@/features/records/description';
import { type ObjectWords, useObjectWords } from '@/features/records/use-objects';
import { fileAddress, isOver, jobQuery, useMayFetch, useStartExport } from '../api/exports';
import { ExportContent, type ExportedList } from './export-content';

interface ExportDialogProps {
  object: ObjectDescription;
  /** What the list shows. */
  list: ExportedList;
}

export function ExportDialog({ object, list }: ExportDialogProps) {
  const { t } = useTranslation('crm');
  const words = useObjectWords(object);
  const navigate = useNavigate();
  const wordProblem = useProblemWording();
  useReturnFocus();
  const start = useStartExport();
  const [whole, setWhole] = useState(false);
  const followed = useQuery(jobQuery(useClient(), start.data?.id));
  const job = followed.data ?? start.data;
  const begin = () => {
    const columns = [...titleFields(object), ...list.fields.map(({ name }) => name)];
    start.mutate({
      object: object.path,
      filter: (list.filter as Record<string, unknown> | undefined) ?? null,
      sort: list.sort,
      columns: whole ? [] : [...new Set(columns)],
    });
  };
  const error = start.error ?? (followed.data === undefined ? followed.error : null);
  return (
    <Modal
      opened
      onClose={() => void navigate({ to: '/$path', params: { path: object.path }, search: true })}
      title={t('exports.title', { many: words.many })}
      transitionProps={{ duration: 0 }}
    >
      <Stack gap="md">
        {error === null ? null : (
          <Alert color="red">
            {wordProblem(error instanceof ProblemError ? error.code : 'internal')}
          </Alert>
        )}
        {job === undefined ? (
          <ExportContent object={object} list={list} whole={whole} onWhole={setWhole} />
        ) : (
          <JobState job={job} words={words} />
        )}
        {job === undefined || job.state === 'failed' || job.state === 'cancelled' ? (
          <Group justify="flex-end">
            <Button loading={start.isPending} onClick={begin} data-autofocus>
              {t('exports.start')}
            </Button>
          </Group>
        ) : null}
      </Stack>
    </Modal>
  );
}

interface JobStateProps {
  job: Job;
  words: ObjectWords;
}

function JobState({ job, words }: JobStateProps) {
  const { t } = useTranslation('crm');
  if (!isOver(job)) return <Running job={job} words={words} />;
  if (job.state === 'succeeded' && job.result != null) {
    return <Finished id={job.id} result={job.result} words={words} />;
  }
  return (
    <Alert color="red" title={t('exports.failed')}>
      {t('exports.failedText', { code: job.error?.code ?? job.state })}
    </Alert>
  );
}

function Running({ job, words }: JobStateProps) {
  const { t, i18n } = useTranslation('crm');
  const { done, total } = job.progress;
  const share = total == null || total === 0 ? 0 : Math.min(100, (100 * done) / total);
  return (
    <Stack gap="xs">
      <Text role="status">
        {job.state === 'queued'
          ? t('exports.queued')
          : t('exports.running', { done: formatCount(done, i18n.language), many: words.many })}
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

interface FinishedProps {
  id: string;
  result: Result;
  words: ObjectWords;
}

function Finished({ id, result, words }: FinishedProps) {
  const { t, i18n } = useTranslation('crm');
  const language = i18n.language;
  const check = useMayFetch();
  return (
    <Stack gap="md">
      {check.error === null ? null : (
        <Alert color="red">
          {t(codeOf(check.error) === 'unreachable' ? 'exports.away' : 'exports.again')}
        </Alert>
      )}
      <Text role="status">
        {t('exports.done', {
          one: words.one,
          many: words.many,
          count: result.rows,
          rows: formatCount(result.rows, language),
          size: formatBytes(result.bytes, language),
        })}
      </Text>
      <Button
        component="a"
        href={fileAddress(id)}
        download={result.file_name}
        onClick={(event) => {
          event.preventDefault();
          check.mutate(id, { onSuccess: () => location.assign(fileAddress(id)) });
        }}
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
