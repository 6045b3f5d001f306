import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type CrmClient, createCrmClient } from './client';

const keys: (string | null)[] = [];
/** What comes of the next calls; then each is answered. */
let outcomes: (Response | 'lost')[] = [];

beforeEach(() => {
  client = createCrmClient({ baseUrl: 'http://crm.localhost' });
  keys.length = 0;
  outcomes = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    keys.push(request.headers.get('Idempotency-Key'));
    const outcome = outcomes.shift() ?? Response.json({}, { status: 201 });
    if (outcome === 'lost') throw new TypeError('Failed to fetch');
    return outcome;
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

let client: CrmClient;
const create = (name: string) =>
  client.POST('/api/v1/accounts', { body: { name } }).catch(() => undefined);

test('the same submit sent again has the same key, until there is an answer', async () => {
  outcomes = ['lost', new Response('', { status: 502 })];
  await create('Alder');
  await create('Alder');
  await create('Alder');
  const [first, second, third] = keys;
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect([second, third]).toEqual([first, first]);
  // It was answered: who submits the same once more wants another.
  await create('Alder');
  expect(keys[3]).not.toBe(first);
});

test('a first try that still runs keeps its key; a refusal ends it', async () => {
  const running = new Response('{}', { status: 409, headers: { 'Retry-After': '1' } });
  outcomes = [running, new Response('{}', { status: 422 })];
  await create('Alder');
  await create('Alder');
  await create('Alder');
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

test('another submit has another key, and what reads or is sent elsewhere has none', async () => {
  outcomes = ['lost', 'lost'];
  await create('Alder');
  await create('Cobalt');
  expect(new Set(keys).size).toBe(2);
  await client.GET('/api/v1/accounts');
  await client.POST('/api/v1/tags', { body: { name: 'Hot' } });
  expect(keys.slice(2)).toEqual([null, null]);
});

test('what was lost long ago is another submit', async () => {
  vi.useFakeTimers({ now: 0 });
  outcomes = ['lost'];
  await create('Alder');
  vi.setSystemTime(11 * 60_000);
  await create('Alder');
  expect(keys[1]).not.toBe(keys[0]);
});
