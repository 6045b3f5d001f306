/** Fields that admins make: in the settings, and from there in form, list, filter and record page. */
import { accountNumber, FakeBackend } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';
import { moved, toFieldCreate, valuesOfField, withKeys, wordOf } from './custom-field';

serveInTests();

const text = (en: string) => ({ en, de: en });

describe('a field', () => {
  test('is made in the settings and is then in form, list, filter and record page', async () => {
    const backend = new FakeBackend({ accounts: [accountNumber(1)], signedIn: true });
    const { user, router } = renderApp(backend, '/settings/fields?object=account');
    await screen.findByRole('heading', { name: 'No fields of your own yet' });
    await user.click(screen.getByRole('button', { name: 'New field' }));
    const dialog = await screen.findByRole('dialog', { name: 'New field' });
    await user.type(await within(dialog).findByLabelText('Name in English'), 'Region');
    await user.selectOptions(within(dialog).getByLabelText('Type'), 'One choice');
    expect(within(dialog).getByText(/c_region/)).toBeVisible();
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByText('Please fill this in.')).toBeVisible();
    await user.click(within(dialog).getByRole('button', { name: 'Add choice' }));
    await user.type(within(dialog).getByLabelText('Choice 1 in English'), 'North');
    await user.click(within(dialog).getByRole('button', { name: 'Add choice' }));
    await user.type(within(dialog).getByLabelText('Choice 2 in English'), 'South');
    await user.type(within(dialog).getByLabelText('Choice 2 in German'), 'Süden');
    await user.type(within(dialog).getByLabelText('Help in English'), 'Where they are');
    await user.click(within(dialog).getByLabelText('Indexed'));
    await user.selectOptions(within(dialog).getByLabelText('Right of Member'), 'Read only');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    const line = (await screen.findByText('c_region')).closest('li') as HTMLElement;
    expect(line).toHaveTextContent('One choice');
    await waitFor(() => expect(backend.fields.all[0]?.indexed).toBe(true));
    expect(backend.fields.all[0]).toMatchObject({
      object: 'account',
      name: 'c_region',
      help: text('Where they are'),
      options: [
        { key: 'north', label: text('North') },
        { key: 'south', label: { en: 'South', de: 'Süden' } },
      ],
    });

    await router.navigate({ to: '/$path/new', params: { path: 'accounts' } });
    const form = await screen.findByRole('dialog', { name: 'New account' });
    await user.type(within(form).getByLabelText(/^Name/), 'Cobalt Works');
    const region = await within(form).findByRole('combobox', { name: 'Region' });
    expect(region).toHaveAccessibleDescription('Where they are');
    await user.click(region);
    await user.click(await screen.findByRole('option', { name: 'South' }));
    await user.click(within(form).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(backend.accounts).toHaveLength(2));
    expect(backend.accounts[1]).toMatchObject({ c_region: 'south' });

    await user.click(await screen.findByRole('button', { name: 'Columns' }));
    await user.click(await screen.findByRole('checkbox', { name: 'Region' }));
    expect(await screen.findByRole('columnheader', { name: 'Region' })).toBeVisible();
    const row = screen.getByRole('link', { name: 'Cobalt Works' }).closest('[role=row]');
    expect(row).toHaveTextContent('South');

    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Filter' }));
    const drawer = await screen.findByRole('dialog', { name: 'Filter' });
    await user.click(within(drawer).getByRole('button', { name: 'Add condition' }));
    await user.selectOptions(within(drawer).getByLabelText('Field'), 'Region');
    await user.click(await within(drawer).findByRole('combobox', { name: 'Value' }));
    await user.click(await screen.findByRole('option', { name: 'South' }));
    await user.click(within(drawer).getByRole('button', { name: 'Apply' }));
    await waitFor(() =>
      expect(screen.queryByRole('link', { name: accountNumber(1).name })).toBeNull(),
    );
    expect(screen.getByRole('link', { name: 'Cobalt Works' })).toBeVisible();

    const id = backend.accounts[1]?.id ?? '';
    await router.navigate({
      to: '/$path/$recordId',
      params: { path: 'accounts', recordId: id },
    });
    expect(await screen.findByRole('button', { name: 'Edit Region' })).toBeVisible();
  });

  test('is changed, put in its place, archived and brought back', async () => {
    const backend = new FakeBackend({ signedIn: true });
    for (const slug of ['one', 'two']) {
      backend.fields.add({
        object: 'lead',
        section: 'details',
        slug,
        type: 'text',
        label: text(`Field ${slug}`),
      });
    }
    const { user } = renderApp(backend, '/settings/fields?object=lead');
    const names = () => screen.getAllByText(/^Field (one|two)$/).map((node) => node.textContent);
    await user.click(await screen.findByRole('button', { name: 'Move Field two up' }));
    await waitFor(() => expect(names()).toEqual(['Field two', 'Field one']));
    expect(backend.fields.of('lead').map(({ name }) => name)).toEqual(['c_two', 'c_one']);
    await user.click(screen.getByRole('button', { name: 'Edit Field one' }));
    const dialog = await screen.findByRole('dialog', { name: 'Field one' });
    const name = await within(dialog).findByLabelText('Name in English');
    await user.clear(name);
    await user.type(name, 'First field');
    await user.click(within(dialog).getByLabelText('Required'));
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    const line = (await screen.findByText('First field')).closest('li') as HTMLElement;
    expect(line).toHaveTextContent('Required');
    await user.click(screen.getByRole('button', { name: 'Archive First field' }));
    await user.click(await screen.findByRole('button', { name: 'Archive' }));
    expect(await screen.findByRole('heading', { name: 'Archived' })).toBeVisible();
    expect(backend.objects.find(({ name: one }) => one === 'lead')?.fields).not.toContainEqual(
      expect.objectContaining({ name: 'c_one' }),
    );
    await user.click(screen.getByRole('button', { name: 'Bring back First field' }));
    await waitFor(() => expect(screen.queryByRole('heading', { name: 'Archived' })).toBeNull());
  });

  test('says what refuses it: a name that is taken, a table that is full', async () => {
    const backend = new FakeBackend({ signedIn: true });
    const add = (slug: string) =>
      backend.fields.add({
        object: 'lead',
        section: 'details',
        slug,
        type: 'text',
        label: text(slug),
      });
    add('size');
    const { user } = renderApp(backend, '/settings/fields?object=lead');
    await user.click(await screen.findByRole('button', { name: 'New field' }));
    const dialog = await screen.findByRole('dialog', { name: 'New field' });
    await user.type(await within(dialog).findByLabelText('Name in English'), 'Size');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    const slug = within(dialog).getByLabelText('Technical name');
    await waitFor(() => expect(slug).toHaveAccessibleDescription(/taken already/));
    for (const one of ['a', 'b', 'c']) add(one);
    await user.type(slug, 'size_now');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByText(/4 of 4 are in use/)).toBeVisible();
  });

  test('is offered to nobody who does not manage fields', async () => {
    const backend = new FakeBackend({ signedIn: true });
    backend.people.profile = { ...backend.people.profile, role_ids: [] };
    renderApp(backend, '/settings/profile');
    expect(await screen.findByRole('link', { name: 'Profile' })).toBeVisible();
    expect(screen.queryByRole('link', { name: 'Fields' })).toBeNull();
  });
});

describe('what the form makes of it', () => {
  test('a technical name of any words', () => {
    expect(wordOf('Größe (cm)')).toBe('groesse_cm');
    expect(wordOf('2nd Straße é')).toBe('n2nd_strasse_e');
    expect(wordOf('x'.repeat(60))).toHaveLength(40);
  });

  test('keys of choices, each once, and those that records have stay', () => {
    const options = [
      { key: 'north', label: text('Up') },
      { key: '', label: text('North') },
      { key: '', label: { en: '', de: 'Süd' } },
    ];
    expect(withKeys(options).map(({ key }) => key)).toEqual(['north', 'north_2', 'sued']);
  });

  test('only what its type takes', () => {
    const values = { ...valuesOfField(undefined), label: text('A'), scale: '3' };
    expect(toFieldCreate('lead', values)).not.toHaveProperty('scale');
    expect(toFieldCreate('lead', { ...values, type: 'decimal' })).toMatchObject({ scale: 3 });
    const relation = toFieldCreate('lead', { ...values, type: 'relation', target: 'contact' });
    expect(relation).toMatchObject({ target: 'contact', default: null });
    expect(toFieldCreate('lead', { ...values, default: 'x', unique: true }).default).toBeNull();
  });

  test('places within a section', () => {
    const backend = new FakeBackend();
    const at = (slug: string, section: string) =>
      backend.fields.add({ object: 'lead', slug, type: 'text', label: text(slug), section });
    const [a, b, c] = [at('a', 'details'), at('b', 'other'), at('c', 'details')];
    expect(moved([a, b, c], c.id, -1)).toEqual([
      { field: c, position: 0 },
      { field: a, position: 2 },
    ]);
    expect(moved([a, b, c], b.id, 1)).toEqual([]);
  });
});
