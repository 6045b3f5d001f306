/** People, as who manages them meets them. */
import { ADMIN_ROLE, FakeBackend, MEMBER_ROLE } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

function organisation() {
  const backend = new FakeBackend({ signedIn: true });
  const grace = backend.people.addUser('Grace Hopper', 'grace@example.com', [MEMBER_ROLE]);
  return { backend, grace };
}

describe('users', () => {
  const act = async (user: ReturnType<typeof renderApp>['user'], name: string, action: string) => {
    await user.click(await screen.findByRole('button', { name: `Actions for ${name}` }));
    await user.click(await screen.findByRole('menuitem', { name: action }));
  };

  test('are found, and invited by a link that is shown once', async () => {
    const { backend } = organisation();
    const { user } = renderApp(backend, '/settings/users');
    expect(await screen.findByText('grace@example.com')).toBeVisible();
    await user.type(screen.getByLabelText('Search people'), 'hopp');
    expect(screen.queryByText('ada@example.com')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Invite' }));
    const dialog = await screen.findByRole('dialog', { name: 'Invite somebody' });
    const email = within(dialog).getByLabelText('E-mail');
    await user.type(email, 'grace@example.com');
    await user.click(within(dialog).getByRole('button', { name: 'Make invitation' }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('signs in with this e-mail');
    await user.clear(email);
    await user.type(email, 'alan@example.com');
    expect(within(dialog).getByLabelText('Member')).toBeChecked();
    await user.click(within(dialog).getByRole('button', { name: 'Make invitation' }));
    expect(await screen.findByText(/^http:\/\/crm\.localhost\/invite#/)).toBeVisible();
    expect(backend.people.invitations[0]).toMatchObject({ role_ids: [MEMBER_ROLE] });
    await user.click(
      await screen.findByRole('button', { name: 'Withdraw the invitation of alan@example.com' }),
    );
    await waitFor(() => expect(backend.people.invitations).toEqual([]));
  });

  test('get other roles', async () => {
    const { backend, grace } = organisation();
    const { user } = renderApp(backend, '/settings/users');
    await act(user, 'Grace Hopper', 'Change roles');
    const dialog = await screen.findByRole('dialog', { name: 'Roles of Grace Hopper' });
    await user.click(within(dialog).getByLabelText('Administrator'));
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(backend.people.users.find(({ id }) => id === grace.id)?.role_ids).toEqual([
        MEMBER_ROLE,
        ADMIN_ROLE,
      ]),
    );
  });

  test('leave what is theirs to somebody else', async () => {
    const { backend, grace } = organisation();
    const { user } = renderApp(backend, '/settings/users');
    await act(user, 'Grace Hopper', 'Deactivate');
    const question = await screen.findByRole('dialog', { name: 'Deactivate Grace Hopper?' });
    const heir = within(question).getByLabelText('Records go to');
    expect(within(heir).queryByText('Grace Hopper')).toBeNull();
    await user.selectOptions(heir, 'Ada Lovelace');
    await user.click(within(question).getByRole('button', { name: 'Deactivate' }));
    await waitFor(() =>
      expect(backend.people.handedOver).toEqual([
        { from: grace.id, to: backend.people.profile.id },
      ]),
    );
  });

  test('are deactivated after asking; the last administrator is not', async () => {
    const { backend, grace } = organisation();
    const { user } = renderApp(backend, '/settings/users');
    const isActive = (id: string) => backend.people.users.find((one) => one.id === id)?.active;
    await act(user, 'Grace Hopper', 'Deactivate');
    const question = await screen.findByRole('dialog', { name: 'Deactivate Grace Hopper?' });
    expect(isActive(grace.id)).toBe(true);
    await user.click(within(question).getByRole('button', { name: 'Deactivate' }));
    await waitFor(() => expect(isActive(grace.id)).toBe(false));
    expect(await screen.findByText('Deactivated')).toBeVisible();
    await act(user, 'Ada Lovelace', 'Deactivate');
    const last = await screen.findByRole('dialog', { name: 'Deactivate Ada Lovelace?' });
    await user.click(within(last).getByRole('button', { name: 'Deactivate' }));
    expect(await screen.findByText(/Somebody has to stay administrator/)).toBeVisible();
  });

  test('get a link for a new password', async () => {
    const { backend } = organisation();
    const { user } = renderApp(backend, '/settings/users');
    await act(user, 'Grace Hopper', 'Link for a new password');
    expect(await screen.findByText('http://crm.localhost/reset#abc')).toBeVisible();
  });
});
