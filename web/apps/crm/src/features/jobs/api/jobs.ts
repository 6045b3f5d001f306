/** What the program does in the background, for who may see all of it. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';

export type ListedJob = components['schemas']['ListedJob'];

const key = ['all-jobs'] as const;
const REFRESH_MS = 5_000;

export function allJobsQuery(client: CrmClient) {
  return infiniteQueryOptions({
    queryKey: key,
    initialPageParam: null as string | null,
    refetchInterval: REFRESH_MS,
    queryFn: ({ pageParam, signal }) => {
      const query = { all: true, ...(pageParam === null ? {} : { cursor: pageParam }) };
      return unwrap(client.GET('/api/v1/jobs', { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useCancelJob() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
  });
}

export function useRetryJob() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.POST('/api/v1/jobs/{id}/retry', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
  });
}
