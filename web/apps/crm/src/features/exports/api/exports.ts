/** Starting an export and following its job. */
import type { CrmClient, components, Job } from '@abetworks/api-crm';
import { ProblemError, unwrap } from '@abetworks/problem';
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

type ExportRequest = components['schemas']['ExportRequest'];

export function useStartExport() {
  const client = useClient();
  return useMutation({
    mutationFn: (body: ExportRequest) => unwrap(client.POST('/api/v1/exports', { body })),
  });
}

/** Whether the file may still be fetched: a link could not say why it brings nothing. */
export function useMayFetch() {
  return useMutation({
    mutationFn: async (jobId: string) => {
      const request = fetch(new URL(fileAddress(jobId), location.origin), { method: 'HEAD' });
      const response = await request.catch((cause) => {
        throw ProblemError.unreachable(cause);
      });
      if (!response.ok) throw ProblemError.from(response, undefined);
    },
  });
}

export function fileAddress(jobId: string): string {
  return `/api/v1/exports/${encodeURIComponent(jobId)}/file`;
}
