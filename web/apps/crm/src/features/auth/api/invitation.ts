/** Checking and accepting an invitation. */
import type { CrmClient } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { sessionKey } from './session';

export function invitationQuery(client: CrmClient, token: string | null) {
  return queryOptions({
    queryKey: ['invitation', token],
    enabled: token !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      unwrap(client.POST('/api/v1/invitations/check', { body: { token: token ?? '' }, signal })),
  });
}

export function useAcceptInvitation(token: string) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; password: string; code?: string }) =>
      unwrap(client.POST('/api/v1/invitations/accept', { body: { token, ...body } })),
    onSuccess: (session) => queryClient.setQueryData(sessionKey, session),
  });
}
