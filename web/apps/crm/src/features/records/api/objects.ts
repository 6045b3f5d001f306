/** What records are described by and refer to: the registry, the stages, the people. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions } from '@tanstack/react-query';

type Schemas = components['schemas'];

const MINUTES = 60_000;
const MOST_USERS = 200;

export const objectsKey = ['objects'] as const;
export const usersKey = ['users'] as const;

export function objectsQuery(client: CrmClient) {
  return queryOptions({
    queryKey: objectsKey,
    staleTime: 5 * MINUTES,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/objects', { signal }))).items,
  });
}

export function pipelinesQuery(client: CrmClient) {
  return queryOptions({
    queryKey: ['pipelines'],
    staleTime: 5 * MINUTES,
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/pipelines', { signal }))).items,
  });
}

export const teamsKey = ['teams'] as const;

export function teamsQuery(client: CrmClient) {
  return queryOptions({
    queryKey: teamsKey,
    staleTime: 5 * MINUTES,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/teams', { signal }))).items,
  });
}

export function tagsQuery(client: CrmClient) {
  return queryOptions({
    queryKey: ['tags'],
    staleTime: 5 * MINUTES,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/tags', { signal }))).items,
  });
}

/** All of them: an organisation has few people, and a record may name any. */
export function usersQuery(client: CrmClient) {
  return queryOptions({
    queryKey: usersKey,
    staleTime: 5 * MINUTES,
    queryFn: async ({ signal }) => {
      const users: Schemas['User'][] = [];
      let cursor: string | undefined;
      do {
        const query = { limit: MOST_USERS, ...(cursor === undefined ? {} : { cursor }) };
        const page = await unwrap(client.GET('/api/v1/users', { signal, params: { query } }));
        users.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return users;
    },
  });
}
