/** What everyone has to guard their access with. */
import { CODE, FakeBackend, PASSWORD } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';
import { deviceOf } from './device';

serveInTests();

const signedIn = () => new FakeBackend({ signedIn: true });

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
