/** Where one is signed in, and ending it there. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';

export type OwnSession = components['schemas']['OwnSession'];

const key = ['own-sessions'] as const;

export function ownSessionsQuery(client: CrmClient) {
  return queryOptions({
    queryKey: key,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/sessions', { signal }))).items,
  });
}

export function useEndSession() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
  });
}

export function useEndOtherSessions() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/sessions/end-others')),
    onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
  });
}
