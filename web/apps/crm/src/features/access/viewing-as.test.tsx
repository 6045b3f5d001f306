/** Looking through a role: every request says so, and none does afterwards. */
import { FakeBackend, leadNumber, MEMBER_ROLE, problem } from '@abetworks/testing';
import { screen, waitFor } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { renderApp, serveInTests, server } from '@/testing/render-app';

serveInTests();

const ROLE = `/settings/roles/${MEMBER_ROLE}`;

test('a role is looked through until it is stopped', async () => {
  const backend = new FakeBackend({ leads: [leadNumber(1)], signedIn: true });
  const { user, router } = renderApp(backend, ROLE);
  await user.click(await screen.findByRole('button', { name: 'View as this role' }));
  expect(await screen.findByText(/as “Member” shows it/)).toBeVisible();
  expect(await screen.findByRole('heading', { name: /^Hello/ })).toBeVisible();

  const told: (string | null)[] = [];
  server.use(
    http.get('*/api/v1/leads', ({ request }) => {
      told.push(request.headers.get('View-As-Role'));
    }),
    http.patch('*/api/v1/leads/:id', () => problem(403, 'forbidden', { reason: 'viewing-as' })),
  );
  await user.click(screen.getByRole('link', { name: 'Leads' }));
  (await screen.findByRole('link', { name: 'Grace Hopper 1' })).focus();
  expect(told).toEqual(told.map(() => MEMBER_ROLE));
  expect(told.length).toBeGreaterThan(0);
  await user.keyboard('{F2}');
  const input = await screen.findByRole('textbox', { name: /^Last name/ });
  await user.type(input, 'x{Enter}');
  expect(await screen.findByText(/Nothing is changed while you look through a role/)).toBeVisible();
  await user.keyboard('{Escape}');

  await user.click(screen.getByRole('button', { name: 'Stop' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(ROLE));
  expect(screen.queryByText(/as “Member” shows it/)).toBeNull();
  told.length = 0;
  await user.click(screen.getByRole('link', { name: 'Leads' }));
  await screen.findByRole('link', { name: 'Grace Hopper 1' });
  expect(told).toContain(null);
  expect(told.every((role) => role === null)).toBe(true);
});
