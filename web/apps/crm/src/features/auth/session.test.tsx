/** Getting in and out: sign-in, invitation, a session that ends, where one lands. */
import {
  accounts,
  CODE,
  FakeBackend,
  INVITATION_TOKEN,
  PASSWORD,
  problem,
  RESET_TOKEN,
} from '@abetworks/testing';
import { screen, waitFor } from '@testing-library/react';
import { http } from 'msw';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests, server } from '@/testing/render-app';

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
      await screen.findByRole('heading', { name: /^Hello/ });
      expect(router.state.location.pathname).toBe('/home');
    },
  );
});

describe('a second factor', () => {
  const withFactor = () => {
    const backend = new FakeBackend();
    backend.people.profile = { ...backend.people.profile, second_factor: true };
    return backend;
  };

  test('is asked for after the password, and only its code signs in', async () => {
    const backend = withFactor();
    const { router, user } = renderApp(backend, '/accounts?sort=-name');
    await fillIn(user, PASSWORD);
    const code = await screen.findByLabelText('Code');
    expect(code).toHaveFocus();
    expect(backend.signedIn).toBe(false);
    await user.type(code, '000000');
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This code is wrong');
    await user.clear(code);
    await user.type(code, ` ${CODE}`);
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    await screen.findByRole('heading', { name: 'Accounts' });
    expect(router.state.location.href).toBe('/accounts?sort=-name');
  });

  test('begins again with the password when it took too long', async () => {
    const { user } = renderApp(withFactor(), '/sign-in');
    server.use(http.post('*/api/v1/sessions/second-factor', () => problem(410, 'link-invalid')));
    await fillIn(user, PASSWORD);
    await user.type(await screen.findByLabelText('Code'), CODE);
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    expect(await screen.findByLabelText('Password')).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent('has expired');
  });
});

describe('a forgotten password', () => {
  const ask = async (backend: FakeBackend) => {
    const { user } = renderApp(backend, '/sign-in');
    await user.click(await screen.findByRole('link', { name: 'Forgot your password?' }));
    await screen.findByRole('heading', { name: 'Forgot your password?' });
    await user.type(screen.getByLabelText('E-mail'), 'ada@example.com');
    await user.click(screen.getByRole('button', { name: 'Send me a link' }));
  };

  test('is helped by a mail', async () => {
    const backend = new FakeBackend();
    await ask(backend);
    expect(await screen.findByRole('status')).toHaveTextContent('ada@example.com');
    expect(backend.people.resetAsked).toEqual(['ada@example.com']);
  });

  test('is a matter for an administrator where no mails are sent', async () => {
    const backend = new FakeBackend();
    backend.people.mail = false;
    await ask(backend);
    expect(await screen.findByRole('alert')).toHaveTextContent('Ask an administrator');
  });

  test('is replaced by who has the link', async () => {
    const backend = new FakeBackend();
    const { user } = renderApp(backend, '/reset', RESET_TOKEN);
    const password = await screen.findByLabelText('New password');
    await user.type(password, 'short');
    await user.click(screen.getByRole('button', { name: 'Set password' }));
    await waitFor(() =>
      expect(password).toHaveAccessibleDescription(/At least 12 characters, please\./),
    );
    await user.type(password, ' but no longer so');
    await user.click(screen.getByRole('button', { name: 'Set password' }));
    await user.click(await screen.findByRole('link', { name: 'Go to sign-in' }));
    await fillIn(user, 'short but no longer so');
    await screen.findByRole('heading', { name: /^Hello/ });
  });

  test.each([undefined, 'used'])('stays as it is with a link that is none: %s', async (token) => {
    const { user } = renderApp(new FakeBackend(), '/reset', token);
    if (token !== undefined) {
      await user.type(await screen.findByLabelText('New password'), 'long enough to be taken');
      await user.click(screen.getByRole('button', { name: 'Set password' }));
    }
    expect(await screen.findByRole('alert')).toHaveTextContent('has expired');
    expect(screen.getByRole('link', { name: 'Ask for another link' })).toBeVisible();
  });
});

test('a session that ends elsewhere leads to sign-in, and back afterwards', async () => {
  const backend = new FakeBackend({ accounts: accounts(2), signedIn: true });
  const { router, user } = renderApp(backend, '/accounts');
  await screen.findByRole('grid');
  backend.signedIn = false;
  await user.click(screen.getByRole('button', { name: 'Employees' }));
  await fillIn(user, PASSWORD);
  await screen.findByRole('heading', { name: 'Accounts' });
  expect(router.state.location.pathname).toBe('/accounts');
});

test('signing out leaves nothing of the session in memory', async () => {
  const backend = new FakeBackend({ accounts: accounts(2), signedIn: true });
  const { queryClient, user } = renderApp(backend, '/accounts');
  await screen.findByRole('grid');
  await user.click(screen.getByRole('button', { name: 'Menu of Ada Lovelace' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  await screen.findByRole('heading', { name: 'Welcome back' });
  expect(backend.signedIn).toBe(false);
  await waitFor(() => expect(queryClient.getQueriesData({ queryKey: ['records'] })).toEqual([]));
});

test('signing out leads to a sign-in page with all that strangers are offered', async () => {
  const backend = new FakeBackend({ accounts: accounts(2), signedIn: true });
  backend.organisation = { ...backend.organisation, registration: true };
  const { user } = renderApp(backend, '/accounts');
  await screen.findByRole('grid');
  await user.click(screen.getByRole('button', { name: 'Menu of Ada Lovelace' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  expect(await screen.findByRole('link', { name: 'Register' })).toBeVisible();
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
    await screen.findByRole('heading', { name: /^Hello/ });
    expect(backend.signedIn).toBe(true);
  });

  test('asks who has a second factor already for a code of it', async () => {
    const backend = new FakeBackend();
    backend.invitationAsksCode = true;
    const { user } = renderApp(backend, '/invite', INVITATION_TOKEN);
    const code = await screen.findByLabelText('Code');
    await user.type(screen.getByLabelText('New password'), 'correct horse battery');
    await user.type(code, '000000');
    await user.click(screen.getByRole('button', { name: 'Set password and sign in' }));
    await waitFor(() => expect(code).toHaveAccessibleDescription(/not the right one/));
    expect(backend.signedIn).toBe(false);
    await user.clear(code);
    await user.type(code, CODE);
    await user.click(screen.getByRole('button', { name: 'Set password and sign in' }));
    await waitFor(() => expect(backend.signedIn).toBe(true));
  });

  test.each([undefined, 'used'])('that is none says so: %s', async (token) => {
    renderApp(new FakeBackend(), '/invite', token);
    expect(await screen.findByRole('alert')).toHaveTextContent('has been used, has expired');
  });
});
