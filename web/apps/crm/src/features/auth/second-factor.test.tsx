/** A second factor that the organisation demands. */
import { CODE, FakeBackend, PASSWORD } from '@abetworks/testing';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

test('whoever has none sets one up before anything else', async () => {
  const backend = new FakeBackend({ signedIn: true });
  backend.people.rules = { ...backend.people.rules, second_factor_required: true };
  const { router, user } = renderApp(backend, '/accounts');
  expect(await screen.findByText('Set up a second factor')).toBeVisible();
  expect(router.state.location.pathname).toBe('/second-factor');
  await user.type(screen.getByLabelText('Password'), 'not the one');
  await user.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByText('This is not your password.')).toBeVisible();
  await user.clear(screen.getByLabelText('Password'));
  await user.type(screen.getByLabelText('Password'), PASSWORD);
  await user.click(screen.getByRole('button', { name: 'Continue' }));
  await user.type(await screen.findByLabelText('Code'), CODE);
  await user.click(screen.getByRole('button', { name: 'Switch on' }));
  expect(await screen.findByText('Your recovery codes')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Go on' }));
  await expect.poll(() => router.state.location.pathname).toBe('/accounts');
});

test('whoever has one notices nothing, and nobody else comes here', async () => {
  const backend = new FakeBackend({ signedIn: true });
  backend.people.rules = { ...backend.people.rules, second_factor_required: true };
  backend.people.profile = { ...backend.people.profile, second_factor: true };
  const { router } = renderApp(backend, '/second-factor?to=/accounts');
  await expect.poll(() => router.state.location.pathname).toBe('/accounts');
});

test('an admin demands it of everybody', async () => {
  const backend = new FakeBackend({ signedIn: true });
  const { user } = renderApp(backend, '/settings/organisation');
  await user.click(await screen.findByLabelText('Everybody needs a second factor'));
  await expect.poll(() => backend.people.rules.second_factor_required).toBe(true);
});
