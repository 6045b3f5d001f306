/** The audit log, as who may see it meets it. */
import { ADA, accountNumber, FakeBackend } from '@abetworks/testing';
import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

const DAY = '2026-01-02T09:00:00.000Z';

test('the log tells who did what, and is narrowed to one person', async () => {
  const backend = new FakeBackend({ signedIn: true });
  const grace = backend.people.addUser('Grace Hopper', 'grace@example.com', []);
  const entry = (number: number, actor: { id: string; name: string }, action: string) => ({
    id: accountNumber(number).id,
    at: DAY,
    actor,
    on_behalf_of: null,
    action,
    object: 'lead',
    record_id: accountNumber(9).id,
    job_id: null,
    request_id: null,
    client_address: '192.0.2.7',
    user_agent: null,
    seal_position: null,
    changes: [
      {
        object: 'lead',
        record_id: accountNumber(9).id,
        kind: 'updated',
        version: 2,
        changes: { status: { old: 'new', new: 'working' } },
        erased: false,
      },
    ],
  });
  backend.people.audit = [
    entry(1, { id: ADA, name: 'Ada Lovelace' }, 'lead.updated'),
    entry(2, { id: grace.id, name: 'Grace Hopper' }, 'lead.deleted'),
  ];
  const { user } = renderApp(backend, '/settings/audit');
  expect(await screen.findByText('lead.updated')).toBeVisible();
  expect(screen.getAllByText('status')).toHaveLength(2);
  await user.selectOptions(await screen.findByLabelText('Who'), 'Grace Hopper');
  await waitFor(() => expect(screen.queryByText('lead.updated')).toBeNull());
  expect(await screen.findByText('lead.deleted')).toBeVisible();
});
