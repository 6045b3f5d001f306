/** What every route can reach: the API's client, the cache, a token that came with the address. */
import type { CrmClient } from '@abetworks/api-crm';
import type { QueryClient } from '@tanstack/react-query';
import { useRouteContext } from '@tanstack/react-router';

export interface AppContext {
  client: CrmClient;
  queryClient: QueryClient;
  /** Of an invitation or a reset: taken from the address at start, see `link-token`. */
  linkToken: string | null;
}

export function useClient(): CrmClient {
  return useRouteContext({ from: '__root__' }).client;
}
