/** Roles, and what they give. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { ifMatch, MERGE_PATCH } from '@/app/entity-tag';

type Schemas = components['schemas'];
export type Role = Schemas['Role'];
export type RoleDetails = Schemas['RoleDetails'];
export type RoleInput = Schemas['RoleInput'];

const key = ['roles'] as const;

export function rolesQuery(client: CrmClient) {
  return queryOptions({
    queryKey: [...key, 'list'],
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/roles', { signal }))).items,
  });
}

export function readRole(client: CrmClient, id: string): Promise<RoleDetails> {
  return unwrap(client.GET('/api/v1/roles/{id}', { params: { path: { id } } }));
}

export function roleQuery(client: CrmClient, id: string) {
  return queryOptions({
    queryKey: [...key, 'one', id],
    // The editor starts from it: an old copy would only end in a conflict.
    gcTime: 0,
    staleTime: 0,
    queryFn: () => readRole(client, id),
  });
}

export function useCreateRole() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: RoleInput) => unwrap(client.POST('/api/v1/roles', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: key }),
  });
}

export function useUpdateRole() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ base, patch }: { base: Role; patch: RoleInput }) =>
      unwrap(
        client.PATCH('/api/v1/roles/{id}', {
          params: { path: { id: base.id }, header: ifMatch(base) },
          headers: MERGE_PATCH,
          body: patch,
        }),
      ),
    onSuccess: async (role) => {
      queryClient.setQueryData(roleQuery(client, role.id).queryKey, role);
      await queryClient.invalidateQueries({ queryKey: rolesQuery(client).queryKey });
    },
  });
}

export function useDeleteRole() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (role: Role) =>
      unwrap(
        client.DELETE('/api/v1/roles/{id}', {
          params: { path: { id: role.id }, header: ifMatch(role) },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: rolesQuery(client).queryKey }),
  });
}
