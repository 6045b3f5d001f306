/** Rates of currencies: set from a day on, shown in the person's words, removed. */
import { FakeBackend } from '@abetworks/testing';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

const USD = { currency: 'USD', valid_from: '2026-01-01', rate: '0.925' };

describe('rates', () => {
  test('are set from a day on, and a mistake is said at its field', async () => {
    const backend = new FakeBackend({ signedIn: true });
    const { user } = renderApp(backend, '/settings/organisation');
    expect(await screen.findByText(/No rates yet/)).toBeVisible();
    const rate = screen.getByLabelText('Rate');
    await user.click(screen.getByRole('button', { name: 'Set rate' }));
    expect(screen.getByLabelText('Valid from')).toHaveAccessibleDescription(/fill this in/);
    await user.type(screen.getByLabelText('Valid from'), '2026-01-01');
    await user.type(rate, '0');
    await user.click(screen.getByRole('button', { name: 'Set rate' }));
    await waitFor(() => expect(rate).toHaveAccessibleDescription(/above 0/));
    await user.clear(rate);
    await user.type(rate, '0.925');
    await user.click(screen.getByRole('button', { name: 'Set rate' }));
    await waitFor(() => expect(backend.rates).toEqual([USD]));
    expect(await screen.findByRole('cell', { name: 'USD' })).toBeVisible();
    await waitFor(() => expect(rate).toHaveValue(''));
  });

  test('are removed', async () => {
    const backend = new FakeBackend({ signedIn: true });
    backend.rates = [USD, { ...USD, valid_from: '2025-01-01' }];
    const { user } = renderApp(backend, '/settings/organisation');
    const buttons = await screen.findAllByRole('button', { name: /^Remove USD from/ });
    expect(buttons).toHaveLength(2);
    await user.click(buttons[1] as HTMLElement);
    await waitFor(() => expect(backend.rates).toEqual([USD]));
    await waitFor(() =>
      expect(screen.getAllByRole('button', { name: /^Remove USD from/ })).toHaveLength(1),
    );
  });
});
