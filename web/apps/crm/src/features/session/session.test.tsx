/** Getting in and out: sign-in, invitation, a session that ends, where one lands. */
import { accounts, FakeBackend, INVITATION_TOKEN, PASSWORD } from '@abetworks/testing';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '../../testing/render-app';

serveInTests();

async function fillIn(user: ReturnType<typeof renderApp>['user'], password: string) {
  await user.type(await screen.findByLabelText('E-mail'), 'ada@example.com');
  await user.type(screen.getByLabelText('Password'), password);
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
}

describe('sign-in', () => {
  test('comes first, and leads back to where one wanted to go', async () => {
    const { router, user } = renderApp(new FakeBackend(), '/accounts?sort=-name');
    await fillIn(user, PASSWORD);
    await screen.findByRole('heading', { name: 'Accounts' });
    expect(router.state.location.href).toBe('/accounts?sort=-name');
  });

  test('says that it failed without saying why', async () => {
    const { user } = renderApp(new FakeBackend(), '/sign-in');
    await fillIn(user, 'wrong');
    expect(await screen.findByRole('alert')).toHaveTextContent('E-mail or password is wrong.');
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example'])(
    'never leads to another origin: %s',
    async (to) => {
      const backend = new FakeBackend();
      const { router, user } = renderApp(backend, `/sign-in?to=${encodeURIComponent(to)}`);
      await fillIn(user, PASSWORD);
      await screen.findByRole('heading', { name: 'Accounts' });
      expect(router.state.location.pathname).toBe('/accounts');
    },
  );
});

test('a session that ends elsewhere leads to sign-in, and back afterwards', async () => {
  const backend = new FakeBackend({ accounts: accounts(2), signedIn: true });
  const { router, user } = renderApp(backend, '/accounts');
  await screen.findByRole('table');
  backend.signedIn = false;
  await user.click(screen.getByRole('button', { name: 'Employees' }));
  await fillIn(user, PASSWORD);
  await screen.findByRole('heading', { name: 'Accounts' });
  expect(router.state.location.pathname).toBe('/accounts');
});

test('signing out leaves nothing of the session in memory', async () => {
  const backend = new FakeBackend({ accounts: accounts(2), signedIn: true });
  const { queryClient, user } = renderApp(backend, '/accounts');
  await screen.findByRole('table');
  await user.click(screen.getByRole('button', { name: 'Menu of Ada Lovelace' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  await screen.findByRole('heading', { name: 'Welcome back' });
  expect(backend.signedIn).toBe(false);
  await waitFor(() => expect(queryClient.getQueriesData({ queryKey: ['records'] })).toEqual([]));
});

describe('an invitation', () => {
  test('sets a password and signs in', async () => {
    const backend = new FakeBackend();
    const { user } = renderApp(backend, '/invite', INVITATION_TOKEN);
    await screen.findByRole('heading', { name: 'Join Acme Inc.' });
    const password = screen.getByLabelText('New password');
    await user.type(password, 'short');
    await user.click(screen.getByRole('button', { name: 'Set password and sign in' }));
    await waitFor(() =>
      expect(password).toHaveAccessibleDescription(/At least 12 characters, please\./),
    );
    await user.type(password, ' but no longer so');
    await user.click(screen.getByRole('button', { name: 'Set password and sign in' }));
    await screen.findByRole('heading', { name: 'Accounts' });
    expect(backend.signedIn).toBe(true);
  });

  test.each([undefined, 'used'])('that is none says so: %s', async (token) => {
    renderApp(new FakeBackend(), '/invite', token);
    expect(await screen.findByRole('alert')).toHaveTextContent('has been used, has expired');
  });
});
