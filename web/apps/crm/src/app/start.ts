/** Wires client, cache and router to each other. It must not touch the document. */
import { createCrmClient } from '@abetworks/api-crm';
import { makeQueryClient } from '@abetworks/app-kit';
import type { RouterHistory } from '@tanstack/react-router';
import { viewedRole, viewThrough } from '@/features/access/viewing-as';
import { sessionKey } from '@/features/auth/api/session';
import { type AppRouter, makeRouter } from './router';

interface StartOptions {
  baseUrl: string;
  linkToken: string | null;
  history?: RouterHistory;
}

export function start({ baseUrl, linkToken, history }: StartOptions) {
  const queryClient = makeQueryClient();
  const client = createCrmClient({
    baseUrl,
    onUnauthenticated: () => endSession(router),
    viewingAs: () => viewedRole()?.id,
  });
  const router = makeRouter({ client, queryClient, linkToken });
  if (history !== undefined) router.update({ ...router.options, history });
  return { router, queryClient };
}

/** The server knows no session any more: sign in again, and come back to the same place. */
function endSession(router: AppRouter): void {
  const { queryClient } = router.options.context;
  if (queryClient.getQueryData(sessionKey) === null) return;
  queryClient.setQueryData(sessionKey, null);
  viewThrough(undefined);
  void router.navigate({ to: '/sign-in', search: { to: router.state.location.href } });
}
