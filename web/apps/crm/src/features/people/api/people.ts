/** The organisation's people as who manages them changes them, and invitations. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { ifMatch, MERGE_PATCH } from '@/app/entity-tag';
import { usersKey } from '@/features/records/api/objects';

type Schemas = components['schemas'];
export type User = Schemas['User'];
export type OpenInvitation = Schemas['OpenInvitation'];
export type InvitationCreate = Schemas['InvitationCreate'];

const invitationsKey = ['invitations'] as const;

export function invitationsQuery(client: CrmClient) {
  return queryOptions({
    queryKey: invitationsKey,
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/invitations', { signal }))).items,
  });
}

export function useInvite() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: InvitationCreate) => unwrap(client.POST('/api/v1/invitations', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: invitationsKey }),
  });
}

export function useWithdrawInvitation() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.DELETE('/api/v1/invitations/{id}', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: invitationsKey }),
  });
}

export function useUpdateUser() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ base, patch }: { base: User; patch: Schemas['UserPatch'] }) =>
      unwrap(
        client.PATCH('/api/v1/users/{id}', {
          params: { path: { id: base.id }, header: ifMatch(base) },
          headers: MERGE_PATCH,
          body: patch,
        }),
      ),
    // After a refusal, too: what is shown may be out of date.
    onSettled: () => queryClient.invalidateQueries({ queryKey: usersKey }),
  });
}

export function useMakeResetLink() {
  const client = useClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.POST('/api/v1/users/{id}/password-reset', { params: { path: { id } } })),
  });
}

/** For somebody whose phone is lost; their sessions end. */
export function useTakeSecondFactor() {
  const client = useClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.DELETE('/api/v1/users/{id}/second-factor', { params: { path: { id } } })),
  });
}
