/**
 * Which areas of the settings one manages. The roles' rights tell exactly, but only to who manages
 * roles; to anyone else the server says yes or no where they ask for the area itself.
 */
import { type CrmClient, ProblemError, unwrap } from '@abetworks/api-crm';
import { queryOptions } from '@tanstack/react-query';
import { type Profile, profileQuery } from './profile';

/** The schema has these as the keys of an object, which its types do not narrow. */
export type Area =
  | 'users'
  | 'teams'
  | 'roles'
  | 'fields'
  | 'pipelines'
  | 'organisation'
  | 'jobs'
  | 'audit'
  | 'api_keys'
  | 'security';

/** `unknown`: shown to read; what may be changed there the server decides. */
export type Managed = 'yes' | 'no' | 'unknown';
export type OwnAreas = (area: Area) => Managed;

export function ownAreasQuery(client: CrmClient) {
  return queryOptions({
    queryKey: ['own-areas'],
    staleTime: 60_000,
    queryFn: async ({ client: queryClient, signal }) => {
      const profile = await queryClient.ensureQueryData(profileQuery(client));
      return (await ofRoles(client, profile, signal)) ?? (await asked(client, signal));
    },
  });
}

async function ofRoles(
  client: CrmClient,
  { role_ids }: Profile,
  signal: AbortSignal,
): Promise<Partial<Record<Area, Managed>> | undefined> {
  const read = (id: string) =>
    unwrap(client.GET('/api/v1/roles/{id}', { params: { path: { id } }, signal }));
  const roles = await unlessForbidden(Promise.all(role_ids.map(read)));
  if (roles === undefined) return undefined;
  const given = roles.flatMap(({ areas = {} }) =>
    Object.entries(areas).filter(([, holds]) => holds),
  );
  return Object.fromEntries(given.map(([area]) => [area, 'yes']));
}

async function asked(
  client: CrmClient,
  signal: AbortSignal,
): Promise<Partial<Record<Area, Managed>>> {
  const people = await unlessForbidden(unwrap(client.GET('/api/v1/invitations', { signal })));
  const rest = { teams: 'unknown', pipelines: 'unknown' } as const;
  return { users: people === undefined ? 'no' : 'yes', ...rest };
}

async function unlessForbidden<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 403) return undefined;
    throw error;
  }
}
