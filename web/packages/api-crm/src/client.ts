/** The typed client of the CRM's API. It must not know what shows its answers. */
import createClient, { type Client } from 'openapi-fetch';
import { idempotency } from './idempotency';
import type { paths } from './schema';

export type CrmClient = Client<paths>;

export interface CrmClientOptions {
  /** An absolute origin: a relative one does not work outside a browser. */
  baseUrl: string;
  /** The session has ended. Not called where signing in itself is answered. */
  onUnauthenticated?: () => void;
  /** The role that the app is looked at through, by its id. */
  viewingAs?: () => string | undefined;
}

const SIGNING_IN = [
  '/api/v1/sessions',
  '/api/v1/sessions/current',
  '/api/v1/sessions/second-factor',
];

export function createCrmClient(options: CrmClientOptions): CrmClient {
  const { baseUrl, onUnauthenticated, viewingAs } = options;
  // The global is looked up at each call, so that a test can put another in its place.
  const client = createClient<paths>({ baseUrl, fetch: (request) => globalThis.fetch(request) });
  client.use(idempotency(), {
    onRequest({ request }) {
      const role = viewingAs?.();
      if (role !== undefined) request.headers.set('View-As-Role', role);
    },
    onResponse({ request, response, schemaPath }) {
      const expected = SIGNING_IN.includes(schemaPath) && !isListOfSessions(request, schemaPath);
      if (response.status === 401 && !expected) onUnauthenticated?.();
    },
  });
  return client;
}

function isListOfSessions({ method }: Request, path: string): boolean {
  return method === 'GET' && path === '/api/v1/sessions';
}
