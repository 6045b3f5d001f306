/** What everyone in the organisation shares, and who may register. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { ifMatch, MERGE_PATCH } from '@/app/entity-tag';
import { organisationKey } from '@/features/auth/api/session';

type Schemas = components['schemas'];
export type OrganisationSettings = Schemas['OrganisationSettings'];
export type SignInRules = Schemas['SignInRulesBody'];

const organisationSettingsKey = ['organisation-settings'] as const;
const signInRulesKey = ['sign-in-rules'] as const;

export function organisationSettingsQuery(client: CrmClient) {
  return queryOptions({
    queryKey: organisationSettingsKey,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/organisation/settings', { signal })),
  });
}

export function signInRulesQuery(client: CrmClient) {
  return queryOptions({
    queryKey: signInRulesKey,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/sign-in-rules', { signal })),
  });
}

export function useUpdateOrganisation(base: OrganisationSettings) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['OrganisationPatch']) =>
      unwrap(
        client.PATCH('/api/v1/organisation/settings', {
          params: { header: ifMatch(base) },
          headers: MERGE_PATCH,
          body,
        }),
      ),
    // After a refusal, too: what is shown may be out of date.
    onSettled: () => queryClient.invalidateQueries({ queryKey: organisationSettingsKey }),
  });
}

export function useUpdateSignInRules(base: SignInRules) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['SignInRulesPatch']) =>
      unwrap(
        client.PATCH('/api/v1/sign-in-rules', {
          params: { header: ifMatch(base) },
          headers: MERGE_PATCH,
          body,
        }),
      ),
    // The sign-in page says whether one can register.
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: signInRulesKey }),
        queryClient.invalidateQueries({ queryKey: organisationKey }),
      ]),
  });
}
