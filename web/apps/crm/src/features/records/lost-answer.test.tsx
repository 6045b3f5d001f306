/** A record whose answer was lost on the way is made once, however often one tries. */
import { FakeBackend } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { renderApp, serveInTests, server } from '@/testing/render-app';

serveInTests();

test('saving again after a lost answer makes no second record', async () => {
  const backend = new FakeBackend({ signedIn: true });
  const { user } = renderApp(backend, '/accounts/new');
  server.use(
    http.post(
      '*/api/v1/accounts',
      async ({ request }) => {
        const values = (await request.json()) as Record<string, unknown>;
        const key = request.headers.get('Idempotency-Key');
        backend.once(key, () => backend.create('accounts', values));
        return HttpResponse.error();
      },
      { once: true },
    ),
  );
  const panel = within(await screen.findByRole('dialog', { name: 'New account' }));
  await user.type(panel.getByLabelText(/^Name/), 'Cobalt Works');
  await user.click(panel.getByRole('button', { name: 'Save' }));
  expect(await panel.findByRole('alert')).toBeVisible();
  expect(backend.accounts).toHaveLength(1);
  await user.click(panel.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(backend.accounts).toHaveLength(1);

  await user.click(screen.getByRole('link', { name: 'New account' }));
  const again = within(await screen.findByRole('dialog', { name: 'New account' }));
  await user.type(again.getByLabelText(/^Name/), 'Cobalt Works');
  await user.click(again.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(backend.accounts).toHaveLength(2);
});
