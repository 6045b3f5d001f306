/** Teams as who manages them changes them. */
import type { components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { ifMatch, MERGE_PATCH } from '@/app/entity-tag';
import { teamsKey } from '@/features/records/api/objects';

type Schemas = components['schemas'];
export type Team = Schemas['TeamBody'];
export type TeamInput = Schemas['TeamInput'];

/** Without a team to change, one is made. */
export function useSaveTeam(base: Team | undefined) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: TeamInput) =>
      base === undefined
        ? unwrap(client.POST('/api/v1/teams', { body }))
        : unwrap(
            client.PATCH('/api/v1/teams/{id}', {
              params: { path: { id: base.id }, header: ifMatch(base) },
              headers: MERGE_PATCH,
              body,
            }),
          ),
    // After a refusal, too: what is shown may be out of date.
    onSettled: () => queryClient.invalidateQueries({ queryKey: teamsKey }),
  });
}

export function useDeleteTeam() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (team: Team) =>
      unwrap(
        client.DELETE('/api/v1/teams/{id}', {
          params: { path: { id: team.id }, header: ifMatch(team) },
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: teamsKey }),
  });
}
