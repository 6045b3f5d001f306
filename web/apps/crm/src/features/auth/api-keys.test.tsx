/** One's API keys. */
import { FakeBackend } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

const signedIn = () => new FakeBackend({ signedIn: true });

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
