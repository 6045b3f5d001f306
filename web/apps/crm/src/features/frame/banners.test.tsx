/** What is said above every page. */
import { FakeBackend, leadNumber } from '@abetworks/testing';
import { onlineManager } from '@tanstack/react-query';
import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

afterEach(() => onlineManager.setOnline(true));

test('says when there is no connection, and when it is back', async () => {
  const backend = new FakeBackend({ leads: [leadNumber(1)], signedIn: true });
  renderApp(backend, '/leads');
  await screen.findByRole('link', { name: 'Grace Hopper 1' });
  act(() => onlineManager.setOnline(false));
  expect(await screen.findByText(/^No connection/)).toBeVisible();
  act(() => onlineManager.setOnline(true));
  await waitFor(() => expect(screen.queryByText(/^No connection/)).toBeNull());
});

test('says why nothing can be changed, in the words of whoever runs the platform', async () => {
  const backend = new FakeBackend({ leads: [leadNumber(1)], signedIn: true, state: 'ReadOnly' });
  backend.stateReason = { class: 'Payment', message: 'The invoice of May is open.' };
  renderApp(backend, '/leads');
  const banner = await screen.findByText(/read-only at the moment/);
  expect(banner).toHaveTextContent('Payment: The invoice of May is open.');
});

test('says nothing of a reason while changes are taken', async () => {
  const backend = new FakeBackend({ leads: [leadNumber(1)], signedIn: true });
  renderApp(backend, '/leads');
  await screen.findByRole('link', { name: 'Grace Hopper 1' });
  expect(screen.queryByText(/read-only at the moment/)).toBeNull();
});
