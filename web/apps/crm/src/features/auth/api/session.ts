/** Who is signed in: one query, and what changes it. */
import type { CrmClient, Session } from '@abetworks/api-crm';
import { ProblemError, unwrap } from '@abetworks/problem';
import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';

export const sessionKey = ['session'] as const;
export const organisationKey = ['organisation'] as const;

/** `null` is an answer too: nobody is signed in. */
export function sessionQuery(client: CrmClient) {
  return queryOptions({
    queryKey: sessionKey,
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await unwrap(client.GET('/api/v1/sessions/current', { signal }));
      } catch (error) {
        if (error instanceof ProblemError && error.status === 401) return null;
        throw error;
      }
    },
  });
}

export function organisationQuery(client: CrmClient) {
  return queryOptions({
    queryKey: organisationKey,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/organisation', { signal })),
  });
}

/** Answers with the session, or with a challenge where a second factor is asked for. */
export function useSignIn() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      unwrap(client.POST('/api/v1/sessions', { body })),
    onSuccess: (answer) => {
      if (!('challenge' in answer)) enter(queryClient, answer);
    },
  });
}

export function useSecondStep(challenge: string) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (code: string) =>
      unwrap(client.POST('/api/v1/sessions/second-factor', { body: { challenge, code } })),
    onSuccess: (session) => enter(queryClient, session),
  });
}

/** Somebody has signed in. */
export function enter(queryClient: QueryClient, session: Session): void {
  // What may be seen is another person's now.
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== organisationKey[0] });
  queryClient.setQueryData(sessionKey, session);
}

export function useSignOut() {
  const client = useClient();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/v1/sessions/current')),
  });
}
