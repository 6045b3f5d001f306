/** Starting an export and following its job. */
import type { CrmClient, Job } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { useClient } from '@/app/context';

const POLL_MS = 700;

export function isOver(job: Job): boolean {
  return job.state !== 'queued' && job.state !== 'running';
}

export function jobQuery(client: CrmClient, id: string | undefined) {
  return queryOptions({
    queryKey: ['jobs', id],
    enabled: id !== undefined,
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/jobs/{id}', { params: { path: { id: id ?? '' } }, signal })),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && isOver(data) ? false : POLL_MS,
  });
}

export function useStartExport(object: string) {
  const client = useClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/exports', { body: { object } })),
  });
}

export function fileAddress(jobId: string): string {
  return `/api/v1/exports/${encodeURIComponent(jobId)}/file`;
}
