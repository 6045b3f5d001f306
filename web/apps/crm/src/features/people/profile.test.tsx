/** How one likes things shown. */
import { FakeBackend } from '@abetworks/testing';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

const signedIn = () => new FakeBackend({ signedIn: true });

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
