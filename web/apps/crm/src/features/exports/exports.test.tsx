import { accounts, FakeBackend, leadNumber } from '@abetworks/testing';
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

const WORKING = { v: 1, where: { and: [{ field: 'status', op: 'in', value: ['working'] }] } };

async function exportOfLeads() {
  const leads = [leadNumber(1), leadNumber(2, { status: 'working' })];
  const backend = new FakeBackend({ leads, signedIn: true });
  const filter = encodeURIComponent(JSON.stringify(WORKING));
  const { user } = renderApp(
    backend,
    `/leads/export?filter=${filter}&sort=-value&columns=company,value`,
  );
  const dialog = within(await screen.findByRole('dialog', { name: 'Export leads' }));
  return { backend, user, dialog };
}

test('the file is of what the list shows, and that is said before', async () => {
  const { backend, user, dialog } = await exportOfLeads();
  expect(await dialog.findByText('1 lead')).toBeVisible();
  expect(dialog.getByText('Filter: Status is one of Working')).toBeVisible();
  expect(dialog.getByText('First name, Last name, Company, Value')).toBeVisible();
  await user.click(dialog.getByRole('button', { name: 'Start export' }));
  await dialog.findByRole('progressbar');
  expect(backend.exported).toEqual([
    {
      object: 'leads',
      filter: WORKING,
      sort: '-value',
      columns: ['first_name', 'last_name', 'company', 'value'],
    },
  ]);
});

test('all fields are exported where they are asked for', async () => {
  const { backend, user, dialog } = await exportOfLeads();
  await user.click(dialog.getByRole('radio', { name: 'All fields' }));
  await user.click(dialog.getByRole('button', { name: 'Start export' }));
  await dialog.findByRole('progressbar');
  expect(backend.exported[0]).toMatchObject({ filter: WORKING, columns: [] });
});

test('a file that is refused says to export again', async () => {
  const { user, dialog } = await exportOfLeads();
  server.use(http.head('*/api/v1/exports/:id/file', () => new HttpResponse(null, { status: 403 })));
  await user.click(dialog.getByRole('button', { name: 'Start export' }));
  await user.click(await dialog.findByRole('link', { name: /^Download/ }, { timeout: 5000 }));
  expect(await dialog.findByRole('alert')).toHaveTextContent(/Please export again/);
});
