/** Signing in with the organisation's own provider: to it, back from it, and its settings. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { ifMatch, MERGE_PATCH } from '@/app/entity-tag';
import { enter, organisationKey } from './session';

type Schemas = components['schemas'];
export type SingleSignOnSettings = Schemas['SingleSignOnBody'];

const settingsKey = ['single-sign-on'] as const;

export function useBeginSingleSignOn() {
  const client = useClient();
  return useMutation({ mutationFn: () => unwrap(client.POST('/api/v1/single-sign-on')) });
}

export function useFinishSingleSignOn() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['SingleSignOnAnswer']) =>
      unwrap(client.POST('/api/v1/single-sign-on/callback', { body })),
    onSuccess: (session) => enter(queryClient, session),
  });
}

export function singleSignOnQuery(client: CrmClient) {
  return queryOptions({
    queryKey: settingsKey,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/single-sign-on/settings', { signal })),
  });
}

export function useUpdateSingleSignOn(base: SingleSignOnSettings) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['SingleSignOnPatch']) =>
      unwrap(
        client.PATCH('/api/v1/single-sign-on/settings', {
          params: { header: ifMatch(base) },
          headers: MERGE_PATCH,
          body,
        }),
      ),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: settingsKey }),
        queryClient.invalidateQueries({ queryKey: organisationKey }),
      ]),
  });
}
