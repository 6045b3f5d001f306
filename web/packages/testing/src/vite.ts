/**
 * Answers `/api` of a Vite server from a `FakeBackend`, and sends the headers of the real server with
 * the built app, so that a breach of the content security policy shows before it is deployed.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getResponse } from 'msw';
import type { Connect, Plugin } from 'vite';
import { accounts } from './accounts.ts';
import { FakeBackend } from './backend.ts';
import { handlers } from './handlers.ts';
import { ACTIVITIES, OBJECTS } from './objects.ts';

export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** Enough for several pages; `FAKE_ACCOUNTS` asks for another number. */
const ACCOUNTS = 450;

export function fakeBackend(): Plugin {
  const count = Number(process.env.FAKE_ACCOUNTS ?? ACCOUNTS);
  const objects = [...OBJECTS, ...ACTIVITIES];
  const answer = middleware(new FakeBackend({ accounts: accounts(count), objects }));
  return {
    name: 'abetworks:fake-backend',
    configureServer(server) {
      server.middlewares.use(answer);
    },
    configurePreviewServer(server) {
      server.middlewares.use((_request, response, next) => {
        response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
        next();
      });
      server.middlewares.use(answer);
    },
  };
}

const COOKIE = 'fake-session=1';
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax';

/** One request at a time: whether its sender is signed in is told by a cookie, not by the backend. */
function middleware(backend: FakeBackend): Connect.NextHandleFunction {
  const all = handlers(backend);
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const before = incoming.headers.cookie?.includes(COOKIE) ?? false;
    backend.signedIn = before;
    const response = await getResponse(all, await toRequest(incoming));
    if (backend.signedIn !== before) {
      const end = before ? '; Max-Age=0' : '';
      outgoing.setHeader('Set-Cookie', `${COOKIE}; ${ATTRIBUTES}${end}`);
    }
    await send(response ?? new Response(null, { status: 404 }), outgoing);
  };
  let last = Promise.resolve();
  return (incoming, outgoing, next) => {
    if (!incoming.url?.startsWith('/api/')) return next();
    last = last.then(() => answer(incoming, outgoing)).catch(next);
  };
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  const method = incoming.method ?? 'GET';
  const body = parts.length > 0 ? Buffer.concat(parts) : null;
  return new Request(`http://localhost${incoming.url}`, { method, headers, body });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.setHeader(name, value);
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
