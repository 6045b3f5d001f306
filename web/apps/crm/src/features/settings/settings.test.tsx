/** The way into the settings, and what one finds there. */
import { FakeBackend, MEMBER_ROLE } from '@abetworks/testing';
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

const signedIn = () => new FakeBackend({ signedIn: true });

const navigation = () => screen.findByRole('navigation', { name: 'Settings' });

test('are reached from the menu, and begin with the profile', async () => {
  const { router, user } = renderApp(signedIn(), '/accounts');
  await user.click(await screen.findByRole('button', { name: 'Menu of Ada Lovelace' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Settings' }));
  expect(await screen.findByRole('heading', { name: 'Profile' })).toBeVisible();
  expect(router.state.location.pathname).toBe('/settings/profile');
  const navigation = screen.getByRole('navigation', { name: 'Settings' });
  expect(within(navigation).getByRole('link', { name: 'Security' })).toBeVisible();
});

test('who manages nothing sees only what is theirs', async () => {
  const backend = signedIn();
  backend.people.profile = { ...backend.people.profile, role_ids: [MEMBER_ROLE] };
  renderApp(backend, '/settings');
  await screen.findByRole('heading', { name: 'Profile' });
  expect(within(await navigation()).queryByText('Users')).toBeNull();
  expect(within(await navigation()).queryByText('Roles & permissions')).toBeNull();
});
