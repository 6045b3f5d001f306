/**
 * A record whose answer was lost is not made twice: each submit has a key, and the same submit sent
 * again, after no answer came, has the same one. An answer ends the submit; the next one is new.
 */
import type { Middleware } from 'openapi-fetch';
import type { paths } from './schema';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';

/** How long a submit without an answer may be the same as one that comes later. */
const REMEMBERED_MS = 10 * 60_000;

type HeaderOf<Path> = Path extends { post: { parameters: { header?: infer Header } } }
  ? NonNullable<Header>
  : never;

type Keyed = {
  [Path in keyof paths]: [HeaderOf<paths[Path]>] extends [never]
    ? never
    : typeof IDEMPOTENCY_KEY extends keyof HeaderOf<paths[Path]>
      ? Path
      : never;
}[keyof paths];

/** All routes that take a key: the compiler misses the one that is not named. */
const KEYED: Record<Keyed, true> = {
  '/api/v1/accounts': true,
  '/api/v1/contacts': true,
  '/api/v1/exports': true,
  '/api/v1/leads': true,
  '/api/v1/notes': true,
  '/api/v1/opportunities': true,
  '/api/v1/tasks': true,
};

interface Unanswered {
  key: string;
  since: number;
}

/** `now` in milliseconds. */
export function idempotency(now: () => number = () => Date.now()): Middleware {
  const unanswered = new Map<string, Unanswered>();
  const keyOf = (submit: string) => {
    const before = unanswered.get(submit);
    if (before !== undefined && now() - before.since < REMEMBERED_MS) return before.key;
    const key = newKey();
    unanswered.set(submit, { key, since: now() });
    return key;
  };
  return {
    async onRequest({ request, schemaPath }) {
      if (request.method !== 'POST' || !(schemaPath in KEYED)) return;
      request.headers.set(IDEMPOTENCY_KEY, keyOf(await submitOf(request.clone())));
    },
    onResponse({ request, response }) {
      if (!isAnswer(response)) return;
      const key = request.headers.get(IDEMPOTENCY_KEY);
      for (const [submit, one] of unanswered) if (one.key === key) unanswered.delete(submit);
    },
  };
}

async function submitOf(request: Request): Promise<string> {
  return `${request.url} ${await request.text()}`;
}

/** What a proxy says, and that the first try still runs, leaves open whether something was made. */
function isAnswer({ status, headers }: Response): boolean {
  return status < 500 && !(status === 409 && headers.has('Retry-After'));
}

/** Without `randomUUID`, which a page has over TLS and on this machine alone. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
