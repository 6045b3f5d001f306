/** Oneself: who one is, and how one likes things shown. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { ifMatch, MERGE_PATCH } from '@/app/entity-tag';

type Schemas = components['schemas'];
export type Profile = Schemas['Profile'];
export type ProfilePatch = Schemas['ProfilePatch'];

export const profileKey = ['profile'] as const;

export function profileQuery(client: CrmClient) {
  return queryOptions({
    queryKey: profileKey,
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/users/current', { signal })),
  });
}

export function useUpdateProfile() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ base, patch }: { base: Profile; patch: ProfilePatch }) =>
      unwrap(
        client.PATCH('/api/v1/users/current', {
          params: { header: ifMatch(base) },
          headers: MERGE_PATCH,
          body: patch,
        }),
      ),
    onSuccess: (profile) => queryClient.setQueryData(profileKey, profile),
  });
}
