/** Tags: kept in the settings, put on records, filtered by name. */
import { FakeBackend, leadNumber } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

const LEADS = [leadNumber(1), leadNumber(2)];

describe('tags', () => {
  test('are made, renamed, coloured and deleted in the settings', async () => {
    const backend = new FakeBackend({ signedIn: true });
    const { user } = renderApp(backend, '/settings/tags');
    await screen.findByRole('heading', { name: 'No tags yet' });
    await user.click(screen.getByRole('button', { name: 'New tag' }));
    const dialog = await screen.findByRole('dialog', { name: 'New tag' });
    await user.type(within(dialog).getByLabelText('Name'), 'VIP');
    await user.selectOptions(within(dialog).getByLabelText('Colour'), 'Teal');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(backend.tags.all).toEqual([expect.objectContaining({ name: 'VIP', colour: 'teal' })]),
    );
    backend.tags.add({ name: 'Partner' });
    await user.click(await screen.findByRole('button', { name: 'Edit VIP' }));
    const edit = await screen.findByRole('dialog', { name: 'VIP' });
    const name = within(edit).getByLabelText('Name');
    await user.clear(name);
    await user.type(name, 'partner');
    await user.click(within(edit).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(name).toHaveAccessibleDescription(/taken already/));
    await user.clear(name);
    await user.type(name, 'Key account');
    await user.click(within(edit).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Key account')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Delete Key account' }));
    await user.click(await screen.findByRole('button', { name: 'Delete tag' }));
    await waitFor(() => expect(backend.tags.all.map((tag) => tag.name)).toEqual(['Partner']));
  });

  test('are put on a record in its form, old ones and new ones, and shown on its page', async () => {
    const backend = new FakeBackend({ leads: LEADS, signedIn: true });
    const vip = backend.tags.add({ name: 'VIP', colour: 'teal' });
    const { user, router } = renderApp(backend, `/leads/${LEADS[0]?.id}/edit`);
    const panel = await screen.findByRole('dialog', { name: 'Grace Hopper 1' });
    const tags = await within(panel).findByRole('combobox', { name: 'Tags' });
    await user.click(tags);
    await user.click(await screen.findByRole('option', { name: 'VIP' }));
    await user.type(tags, 'Fair 2026');
    await user.click(await screen.findByRole('option', { name: 'New tag: Fair 2026' }));
    await waitFor(() => expect(backend.tags.all).toHaveLength(2));
    expect(await within(panel).findByText('Fair 2026')).toBeVisible();
    await user.click(within(panel).getByRole('button', { name: 'Save' }));
    const made = backend.tags.all.find(({ name }) => name === 'Fair 2026')?.id;
    await waitFor(() => expect(backend.leads[0]).toMatchObject({ tags: [vip.id, made] }));
    await router.navigate({
      to: '/$path/$recordId',
      params: { path: 'leads', recordId: LEADS[0]?.id ?? '' },
    });
    const label = await screen.findByText('Tags', { selector: 'dt' });
    expect(label.parentElement).toHaveTextContent('VIP');
    expect(label.parentElement).toHaveTextContent('Fair 2026');
  });

  test('are a column of the list and are filtered by name', async () => {
    const backend = new FakeBackend({ leads: LEADS, signedIn: true });
    const vip = backend.tags.add({ name: 'VIP', colour: 'teal' });
    backend.update(LEADS[1]?.id ?? '', { tags: [vip.id] });
    const { user, router } = renderApp(backend, '/leads?columns=tags');
    const row = (await screen.findByRole('link', { name: 'Grace Hopper 2' })).closest('[role=row]');
    await waitFor(() => expect(row).toHaveTextContent('VIP'));
    await user.click(await screen.findByRole('button', { name: 'Filter' }));
    const drawer = await screen.findByRole('dialog', { name: 'Filter' });
    await user.click(within(drawer).getByRole('button', { name: 'Add condition' }));
    await user.selectOptions(within(drawer).getByLabelText('Field'), 'Tags');
    const value = await within(drawer).findByRole('combobox', { name: 'Value' });
    await user.type(value, 'VIP');
    expect(screen.queryByRole('option', { name: /New tag/ })).toBeNull();
    await user.click(await screen.findByRole('option', { name: 'VIP' }));
    await user.click(within(drawer).getByRole('button', { name: 'Apply' }));
    await waitFor(() => expect(screen.queryByRole('link', { name: 'Grace Hopper 1' })).toBeNull());
    expect(router.state.location.search.filter?.where).toEqual({
      and: [{ field: 'tags', op: 'any_of', value: [vip.id] }],
    });
    expect(screen.getByRole('link', { name: 'Grace Hopper 2' })).toBeVisible();
  });
});
