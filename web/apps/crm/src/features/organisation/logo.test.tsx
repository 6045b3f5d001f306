/** The organisation's logo: chosen, in the frame of all pages, removed, and what is none refused at the field. */
import { FakeBackend } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

const BEGINNING = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const image = (type: string, part: BlobPart = BEGINNING) => new File([part], 'logo', { type });

async function open() {
  const backend = new FakeBackend({ signedIn: true });
  const app = renderApp(backend, '/settings/organisation');
  const choice = await screen.findByLabelText('Choose a file');
  // What a file dialog would not offer can still be dropped, or have the wrong name.
  const { upload } = userEvent.setup({ applyAccept: false });
  const choose = (file: File) => upload(choice, file);
  return { backend, choose, field: screen.getByRole('button', { name: /^Image/ }), ...app };
}

describe('the logo', () => {
  test('is chosen, shown beside the name in the header, and removed', async () => {
    const { backend, choose, user } = await open();
    const header = within(screen.getByRole('banner'));
    expect(header.queryByRole('img')).toBeNull();
    await choose(image('image/png'));
    const shown = await header.findByRole('img', { name: 'Acme Inc.' });
    const address = `/api/v1/organisation/logo?version=${backend.organisation.logo_version}`;
    expect(shown).toHaveAttribute('src', address);
    expect(screen.getByRole('img', { name: 'The present logo' })).toHaveAttribute('src', address);
    expect(backend.logo?.type).toBe('image/png');
    expect(await screen.findByText('The logo was saved.')).toBeVisible();

    await user.click(screen.getByRole('button', { name: 'Remove logo' }));
    expect(await screen.findByText(/No logo yet/)).toBeVisible();
    await waitFor(() => expect(header.queryByRole('img')).toBeNull());
    expect(backend.logo).toBeUndefined();
  });

  test('is refused at the field: too large, another type, not what it is said to be', async () => {
    const { backend, choose, field } = await open();
    const says = (words: RegExp) => waitFor(() => expect(field).toHaveAccessibleDescription(words));
    await choose(image('image/png', new Uint8Array(256 * 1024 + 1)));
    await says(/At most 256 KB/);
    await choose(image('image/svg+xml', '<svg/>'));
    await says(/PNG, JPEG or WebP image, please/);
    await choose(image('image/jpeg'));
    await says(/not an image of the type that its name says/);
    const { profile } = backend.people;
    backend.people.profile = { ...profile, role_ids: [] };
    await choose(image('image/png'));
    await says(/not allowed/);
    expect(backend.logo).toBeUndefined();
    backend.people.profile = profile;
    await choose(image('image/png'));
    await waitFor(() => expect(backend.logo).toBeDefined());
    expect(field).toHaveAccessibleDescription('PNG, JPEG or WebP, up to 256 KB.');
  });
});
