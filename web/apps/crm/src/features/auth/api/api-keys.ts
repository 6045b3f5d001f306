/** One's API keys. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';

type Schemas = components['schemas'];
export type ApiKey = Schemas['ApiKey'];

const key = ['api-keys'] as const;

export function apiKeysQuery(client: CrmClient) {
  return queryOptions({
    queryKey: key,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/api-keys', { signal }))).items,
  });
}

export function useCreateApiKey() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['ApiKeyCreate']) =>
      unwrap(client.POST('/api/v1/api-keys', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: key }),
  });
}

export function useRevokeApiKey() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
  });
}
