/** Saved views: lists as people want them again. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { ifMatch, MERGE_PATCH } from '@/app/entity-tag';

type Schemas = components['schemas'];
export type View = Schemas['View'];
export type ViewInput = Schemas['ViewInput'];
export type ViewPreference = Schemas['ViewPreference'];

const key = ['views'] as const;

export function viewsQuery(client: CrmClient, object: string) {
  return queryOptions({
    queryKey: [...key, object],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const params = { query: { object } };
      return (await unwrap(client.GET('/api/v1/views', { signal, params }))).items;
    },
  });
}

/** After a refusal, too: what is shown may be out of date. */
function useRefresh() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: key });
}

export function useCreateView() {
  const client = useClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: ViewInput) => unwrap(client.POST('/api/v1/views', { body })),
    onSettled: refresh,
  });
}

export function useUpdateView() {
  const client = useClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ base, patch }: { base: View; patch: ViewInput }) =>
      unwrap(
        client.PATCH('/api/v1/views/{id}', {
          params: { path: { id: base.id }, header: ifMatch(base) },
          headers: MERGE_PATCH,
          body: patch,
        }),
      ),
    onSettled: refresh,
  });
}

export function useDeleteView() {
  const client = useClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (view: View) =>
      unwrap(
        client.DELETE('/api/v1/views/{id}', {
          params: { path: { id: view.id }, header: ifMatch(view) },
        }),
      ),
    // Not waited for: the view is gone from what is shown before one has left it otherwise.
    onSettled: () => void refresh(),
  });
}

/** What one thinks of a view oneself: it and its version stay as they are. */
export function usePreferView() {
  const client = useClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, ...body }: ViewPreference & { id: string }) =>
      unwrap(client.PUT('/api/v1/views/{id}/preference', { params: { path: { id } }, body })),
    onSettled: refresh,
  });
}
