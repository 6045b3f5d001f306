import { accounts, FakeBackend } from '@abetworks/testing';
import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { renderApp, serveInTests, server } from '@/testing/render-app';

serveInTests();

async function startExport() {
  const backend = new FakeBackend({ accounts: accounts(4), signedIn: true });
  const { user } = renderApp(backend, '/accounts/export');
  const dialog = await screen.findByRole('dialog', { name: 'Export accounts' });
  return {
    backend,
    begin: () => user.click(within(dialog).getByRole('button', { name: 'Start export' })),
  };
}

test('an export shows how far it is and ends with a file', async () => {
  const { begin } = await startExport();
  await begin();
  expect(await screen.findByText('2 accounts written…')).toBeVisible();
  expect(screen.getByRole('progressbar', { name: 'Progress of the export' })).toHaveAttribute(
    'aria-valuenow',
    '50',
  );
  const link = await screen.findByRole(
    'link',
    { name: 'Download accounts.csv' },
    { timeout: 5000 },
  );
  expect(link.getAttribute('href')).toMatch(/^\/api\/v1\/exports\/[0-9a-f-]+\/file$/);
});

test('a failed export says so and can be started again', async () => {
  const { backend, begin } = await startExport();
  server.use(
    http.get('*/api/v1/jobs/:id', ({ params }) =>
      HttpResponse.json({
        ...backend.job(String(params.id)),
        state: 'failed',
        error: { code: 'storage-full' },
      }),
    ),
  );
  await begin();
  expect(await screen.findByRole('alert')).toHaveTextContent('storage-full');
  expect(screen.getByRole('button', { name: 'Start export' })).toBeVisible();
});
