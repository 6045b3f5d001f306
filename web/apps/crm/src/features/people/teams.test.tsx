/** Teams, as who manages them meets them. */
import { ADA, FakeBackend } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';
import { possibleParents, treeOf } from './team-tree';

serveInTests();

const team = (id: string, parent_id: string | null) => ({
  id,
  version: 1,
  name: `Team ${id}`,
  parent_id,
  members: [],
});

describe('teams', () => {
  test('are made with their people, put under another, and deleted after asking', async () => {
    const backend = new FakeBackend({ signedIn: true });
    const { user } = renderApp(backend, '/settings/teams');
    await screen.findByRole('heading', { name: 'No teams yet' });
    await user.click(screen.getByRole('button', { name: 'New team' }));
    const dialog = await screen.findByRole('dialog', { name: 'New team' });
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByText('Please fill this in.')).toBeVisible();
    await user.type(within(dialog).getByLabelText('Name'), 'Sales');
    await user.click(within(dialog).getByRole('combobox', { name: 'People' }));
    await user.click(await screen.findByRole('option', { name: 'Ada Lovelace' }));
    await user.click(await within(dialog).findByRole('checkbox', { name: 'Ada Lovelace' }));
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('1 person')).toBeVisible();
    expect(backend.people.teams[0]).toMatchObject({
      name: 'Sales',
      parent_id: null,
      members: [{ user_id: ADA, is_primary: true }],
    });
    backend.people.teams = [...backend.people.teams, team('north', null)];
    await user.click(screen.getByRole('button', { name: 'Edit Sales' }));
    const edit = await screen.findByRole('dialog', { name: 'Sales' });
    const name = within(edit).getByLabelText('Name');
    await user.type(name, ' team');
    await user.click(within(edit).getByRole('button', { name: 'Save' }));
    await user.click(await screen.findByRole('button', { name: 'Edit Team north' }));
    const north = await screen.findByRole('dialog', { name: 'Team north' });
    await user.selectOptions(within(north).getByLabelText('Team above'), 'Sales team');
    await user.click(within(north).getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(backend.people.teams[1]?.parent_id).toBe(backend.people.teams[0]?.id),
    );
    await user.click(await screen.findByRole('button', { name: 'Delete Sales team' }));
    await user.click(await screen.findByRole('button', { name: 'Delete team' }));
    expect(await screen.findByText(/still in use/)).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Delete Team north' }));
    await user.click(await screen.findByRole('button', { name: 'Delete team' }));
    await waitFor(() => expect(backend.people.teams).toHaveLength(1));
  });

  test('stand under those above them, and never under themselves', () => {
    const [top, left, right, deep] = [
      team('top', null),
      team('left', 'top'),
      team('right', 'top'),
      team('deep', 'left'),
    ] as const;
    const all = [right, deep, top, left];
    expect(treeOf(all).map(({ team: { id }, depth }) => `${depth} ${id}`)).toEqual([
      '0 top',
      '1 right',
      '1 left',
      '2 deep',
    ]);
    expect(possibleParents(all, left).map(({ id }) => id)).toEqual(['right', 'top']);
  });
});
