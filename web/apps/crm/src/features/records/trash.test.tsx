/** What was deleted. */
import { accountNumber, FakeBackend } from '@abetworks/testing';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

test('what was deleted is found in the trash and taken back', async () => {
  const account = accountNumber(1);
  const backend = new FakeBackend({ accounts: [account], signedIn: true });
  backend.remove(account.id);
  const { user } = renderApp(backend, '/settings/trash');
  expect(await screen.findByText(account.name)).toBeVisible();
  await user.selectOptions(screen.getByLabelText('Object'), 'Leads');
  expect(await screen.findByRole('heading', { name: 'The trash is empty' })).toBeVisible();
  await user.selectOptions(screen.getByLabelText('Object'), 'Accounts');
  await user.click(await screen.findByRole('button', { name: `Restore ${account.name}` }));
  expect(await screen.findByRole('heading', { name: 'The trash is empty' })).toBeVisible();
  expect(backend.accounts).toHaveLength(1);
});
