/** What everyone finds in the settings: profile, security, API keys. */
import { CODE, FakeBackend, PASSWORD } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';
import { deviceOf } from './device';

serveInTests();

const signedIn = () => new FakeBackend({ signedIn: true });

test('are reached from the menu, and begin with the profile', async () => {
  const { router, user } = renderApp(signedIn(), '/accounts');
  await user.click(await screen.findByRole('button', { name: 'Menu of Ada Lovelace' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Settings' }));
  expect(await screen.findByRole('heading', { name: 'Profile' })).toBeVisible();
  expect(router.state.location.pathname).toBe('/settings/profile');
  const navigation = screen.getByRole('navigation', { name: 'Settings' });
  expect(within(navigation).getByRole('link', { name: 'Security' })).toBeVisible();
});

describe('the profile', () => {
  test('is saved by what was changed, and holds at once', async () => {
    const backend = signedIn();
    const { user } = renderApp(backend, '/settings/profile');
    const language = await screen.findByLabelText('Language');
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
    await user.selectOptions(language, 'de');
    await user.selectOptions(screen.getByLabelText('Timezone'), 'Asia/Tokyo');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByRole('heading', { name: 'Profil' })).toBeVisible();
    expect(backend.people.profile).toMatchObject({
      language: 'de',
      timezone: 'Asia/Tokyo',
      theme: null,
      version: 2,
    });
    await user.selectOptions(screen.getByLabelText('Sprache'), 'en');
    await user.click(screen.getByRole('button', { name: 'Speichern' }));
    expect(await screen.findByRole('heading', { name: 'Profile' })).toBeVisible();
  });

  test('that was changed elsewhere is not overwritten unseen', async () => {
    const backend = signedIn();
    const { user } = renderApp(backend, '/settings/profile');
    await user.selectOptions(await screen.findByLabelText('Numbers'), '1.234,56');
    backend.people.profile = { ...backend.people.profile, timezone: 'Asia/Tokyo', version: 7 };
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Someone else has changed this');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(backend.people.profile.number_format).toBe('1.234,56'));
    expect(backend.people.profile.timezone, 'what was changed elsewhere stays').toBe('Asia/Tokyo');
  });
});

describe('security', () => {
  test('changes the password, and says which of the two was wrong', async () => {
    const backend = signedIn();
    const { user } = renderApp(backend, '/settings/security');
    const current = await screen.findByLabelText('Current password');
    await user.type(current, 'not it');
    await user.type(screen.getByLabelText('New password'), 'nine purple lamps hum');
    await user.click(screen.getByRole('button', { name: 'Change password' }));
    await waitFor(() => expect(current).toHaveAccessibleDescription('This is not your password.'));
    await user.clear(current);
    await user.type(current, PASSWORD);
    await user.click(screen.getByRole('button', { name: 'Change password' }));
    expect(await screen.findByText('Your password was changed.')).toBeVisible();
    expect(backend.password).toBe('nine purple lamps hum');
    expect(current).toHaveValue('');
  });

  test('switches the second factor on, shows the recovery codes once, and off again', async () => {
    const backend = signedIn();
    const { user } = renderApp(backend, '/settings/security');
    await user.click(await screen.findByRole('button', { name: 'Switch on' }));
    const ask = async (name: string) => {
      const dialog = await screen.findByRole('dialog', { name });
      await user.type(within(dialog).getByLabelText('Password'), PASSWORD);
      await user.click(within(dialog).getByRole('button', { name: 'Continue' }));
    };
    await ask('Switch on');
    expect(await screen.findByText('JBSW Y3DP EHPK 3PXP')).toBeVisible();
    expect(screen.getByRole('link', { name: /Open in an app/ }).getAttribute('href')).toMatch(
      /^otpauth:/,
    );
    const code = screen.getByLabelText('Code');
    await user.type(code, '000000');
    await user.click(screen.getByRole('button', { name: 'Switch on' }));
    await waitFor(() => expect(code).toHaveAccessibleDescription(/not the right one/));
    expect(backend.people.profile.second_factor).toBe(false);
    await user.clear(code);
    await user.type(code, CODE);
    await user.click(screen.getByRole('button', { name: 'Switch on' }));
    expect(await screen.findByText(/aaaa-bbbb/)).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Switch off' }));
    await ask('Switch off');
    expect(await screen.findByRole('button', { name: 'Switch on' })).toBeVisible();
    expect(backend.people.profile.second_factor).toBe(false);
  });

  test('shows where one is signed in, and ends it there', async () => {
    const backend = signedIn();
    const { user } = renderApp(backend, '/settings/security');
    expect(await screen.findByText('Chrome, Linux')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'End the session of Safari, iOS' }));
    await waitFor(() => expect(screen.queryByText('Safari, iOS')).toBeNull());
    expect(backend.people.sessions.map(({ current }) => current)).toEqual([true]);
    expect(screen.queryByRole('button', { name: 'End all others' })).toBeNull();
  });

  test.each([
    ['Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge', 'Windows'],
    ['Mozilla/5.0 (Macintosh) Version/18.0 Safari/605.1.15', 'Safari', 'macOS'],
    ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox', 'Android'],
    ['curl/8.5', undefined, undefined],
  ])('recognises a browser: %s', (userAgent, browser, system) => {
    expect(deviceOf(userAgent)).toMatchObject({ browser, system });
  });
});

describe('API keys', () => {
  test('are made with what they may, shown once, and revoked after asking', async () => {
    const backend = signedIn();
    const { user } = renderApp(backend, '/settings/api-keys');
    await screen.findByRole('heading', { name: 'No API keys' });
    await user.click(screen.getByRole('button', { name: 'New API key' }));
    const dialog = await screen.findByRole('dialog', { name: 'New API key' });
    await user.type(within(dialog).getByLabelText('Name'), 'Reports');
    await user.click(within(dialog).getByLabelText('read'));
    await user.click(within(dialog).getByRole('button', { name: 'Make key' }));
    expect(await within(dialog).findByText('Please fill this in.')).toBeVisible();
    await user.click(within(dialog).getByLabelText('read'));
    await user.selectOptions(within(dialog).getByLabelText('Works for'), '30');
    await user.click(within(dialog).getByRole('button', { name: 'Make key' }));
    expect(await screen.findByText('abk_12345678-the-rest')).toBeVisible();
    expect(backend.people.apiKeys[0]).toMatchObject({ name: 'Reports', scopes: ['read'] });
    const days =
      (Date.parse(backend.people.apiKeys[0]?.expires_at ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    await user.click(await screen.findByRole('button', { name: 'Revoke Reports' }));
    const question = await screen.findByRole('dialog', { name: 'Revoke Reports' });
    expect(backend.people.apiKeys).toHaveLength(1);
    await user.click(within(question).getByRole('button', { name: 'Revoke' }));
    await waitFor(() => expect(backend.people.apiKeys).toHaveLength(0));
  });
});
