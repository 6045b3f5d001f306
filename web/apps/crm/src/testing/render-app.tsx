/** The whole app in a test, over a backend in memory and with the pages' real routes. */
import { type FakeBackend, handlers } from '@abetworks/testing';
import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { App } from '@/app/app';
import { startMessages } from '@/app/messages';
import { start } from '@/app/start';

const ORIGIN = 'http://crm.localhost';

export const server = setupServer();

/** Call once in each file of tests. */
export function serveInTests(): void {
  beforeAll(async () => {
    await startMessages('en');
    server.listen({ onUnhandledRequest: 'error' });
  });
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
}

export function renderApp(backend: FakeBackend, path: string, linkToken?: string) {
  server.use(...handlers(backend, ORIGIN));
  const app = start({
    baseUrl: ORIGIN,
    linkToken: linkToken ?? null,
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  render(<App {...app} />);
  return { ...app, user: userEvent.setup() };
}
