/** Roles, as who manages them meets them. */
import { FakeBackend, MEMBER_ROLE, problem } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests, server } from '@/testing/render-app';

serveInTests();

function organisation() {
  const backend = new FakeBackend({ signedIn: true });
  const grace = backend.people.addUser('Grace Hopper', 'grace@example.com', [MEMBER_ROLE]);
  return { backend, grace };
}

describe('roles', () => {
  const open = async (role: string) => {
    const made = organisation();
    const app = renderApp(made.backend, '/settings/roles');
    await app.user.click(await screen.findByRole('link', { name: role }));
    await screen.findByRole('heading', { name: role });
    return { ...made, ...app };
  };
  const member = (backend: FakeBackend) => backend.people.roles[1];

  test('give levels, fields and areas; only what was changed is sent', async () => {
    const { backend, user } = await open('Member');
    const sent: unknown[] = [];
    server.events.on('request:start', async ({ request }) => {
      if (request.method === 'PATCH') sent.push(await request.clone().json());
    });
    const leads = await screen.findByLabelText('Leads: See');
    expect(leads).toHaveDisplayValue('Team');
    await user.selectOptions(leads, 'All');
    await user.click(screen.getByRole('button', { name: 'Fields of Leads' }));
    await user.selectOptions(await screen.findByLabelText('Value'), 'Hidden');
    await user.click(screen.getByLabelText('Users'));
    expect(screen.getByRole('status')).toHaveTextContent('3 changes');
    await user.selectOptions(screen.getByLabelText('Accounts: See'), 'All');
    await user.selectOptions(screen.getByLabelText('Accounts: See'), 'Team');
    expect(screen.getByRole('status')).toHaveTextContent('3 changes');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(member(backend)?.version).toBe(2));
    server.events.removeAllListeners();
    expect(sent).toEqual([
      {
        rights: {
          levels: { lead: { read: 'all' } },
          fields: { lead: { value: 'none' } },
          areas: { users: true },
        },
      },
    ]);
    expect(member(backend)?.levels?.account).toMatchObject({ read: 'team' });
    expect(await screen.findByText('1 field limited')).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Discard' })).toBeNull());
  });

  test('that somebody else changed keep both changes', async () => {
    const { backend, user } = await open('Member');
    await user.selectOptions(await screen.findByLabelText('Leads: Delete'), 'All');
    backend.people.changeRole(MEMBER_ROLE, {
      rights: { levels: { lead: { read: 'all' } }, fields: {}, areas: {} },
    });
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Changed by someone else')).toBeVisible();
    await waitFor(() => expect(screen.getByLabelText('Leads: See')).toHaveDisplayValue('All'));
    expect(screen.getByLabelText('Leads: Delete')).toHaveDisplayValue('All');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(member(backend)?.levels?.lead).toMatchObject({ read: 'all', delete: 'all' }),
    );
  });

  test('beyond what one holds are refused in words', async () => {
    const { user } = await open('Member');
    server.use(http.patch('*/api/v1/roles/:id', () => problem(403, 'forbidden')));
    await user.selectOptions(await screen.findByLabelText('Leads: Delete'), 'All');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('what you hold yourself');
  });

  test('are copied, renamed, and deleted while nobody holds them', async () => {
    const { backend, user, router } = await open('Administrator');
    expect(screen.getByLabelText('Leads: See')).toBeDisabled();
    expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    await screen.findByRole('heading', { name: 'Administrator (copy)' });
    const name = await screen.findByLabelText('Name');
    await user.clear(name);
    await user.type(name, 'Sales lead');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByRole('heading', { name: 'Sales lead' });
    expect(backend.people.roles.at(-1)?.areas?.audit).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Delete' }));
    await user.click(await screen.findByRole('button', { name: 'Delete role' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/settings/roles'));
    expect(backend.people.roles).toHaveLength(2);
  });

  test('are made by their name', async () => {
    const { backend } = organisation();
    const { user } = renderApp(backend, '/settings/roles');
    await user.click(await screen.findByRole('button', { name: 'New role' }));
    const dialog = await screen.findByRole('dialog', { name: 'New role' });
    await user.click(within(dialog).getByRole('button', { name: 'Make role' }));
    expect(await within(dialog).findByText('Please fill this in.')).toBeVisible();
    await user.type(within(dialog).getByLabelText('Name'), 'Support');
    await user.click(within(dialog).getByRole('button', { name: 'Make role' }));
    await screen.findByRole('heading', { name: 'Support' });
    expect(screen.getByLabelText('Leads: See')).toHaveDisplayValue('–');
  });
});
