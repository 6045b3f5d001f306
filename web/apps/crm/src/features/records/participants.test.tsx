/** Who takes part: shown with roles, changed where it stands. */
import { accountNumber, FakeBackend, leadNumber, OBJECTS } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

/** In these tests accounts take part in leads: the backend in memory knows no opportunities. */
const OBJECTS_WITH_PARTICIPANTS = OBJECTS.map((object) => ({
  ...object,
  fields: object.fields.flatMap((field) =>
    object.name === 'lead' && field.name === 'company'
      ? [
          field,
          {
            ...field,
            name: 'contacts',
            type: 'participants',
            label: { en: 'Contacts', de: 'Kontakte' },
            sortable: false,
            target: 'account',
          },
        ]
      : [field],
  ),
}));

const [FIRST, SECOND] = [accountNumber(1), accountNumber(2)];
const DECIDES = { contact_id: FIRST.id, role: 'Decides', primary: true };

function page(hidden: string[] = []) {
  const lead = { ...leadNumber(1), contacts: [DECIDES], hidden };
  const backend = new FakeBackend({
    leads: [lead],
    accounts: [FIRST, SECOND],
    objects: OBJECTS_WITH_PARTICIPANTS,
    signedIn: true,
  });
  return { backend, ...renderApp(backend, `/leads/${lead.id}`) };
}

describe('who takes part', () => {
  test('is shown with roles, and that there are others', async () => {
    page(['contacts']);
    const label = await screen.findByText('Contacts', { selector: 'dt' });
    const line = label.parentElement as HTMLElement;
    expect(await within(line).findByRole('link', { name: FIRST.name })).toHaveAttribute(
      'href',
      `/accounts/${FIRST.id}`,
    );
    expect(line).toHaveTextContent('DecidesMain contact');
    expect(line).toHaveTextContent('others that are not visible');
  });

  test('is changed: somebody more, who is the main contact now', async () => {
    const { backend, user } = page();
    await user.click(await screen.findByRole('button', { name: 'Edit Contacts' }));
    const group = await screen.findByRole('group', { name: 'Contacts' });
    await user.click(within(group).getByRole('button', { name: 'Add to Contacts' }));
    await user.click(within(group).getByRole('combobox', { name: 'Contacts 2' }));
    await user.click(await screen.findByRole('option', { name: SECOND.name }));
    await user.type(within(group).getByRole('textbox', { name: 'Contacts 2: Role' }), 'Signs');
    await user.click(within(group).getByRole('checkbox', { name: 'Contacts 2: Main contact' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(backend.leads[0]).toMatchObject({
        contacts: [
          { ...DECIDES, primary: false },
          { contact_id: SECOND.id, role: 'Signs', primary: true },
        ],
      }),
    );
  });

  test('nobody is left when the last one is removed', async () => {
    const { backend, user } = page();
    await user.click(await screen.findByRole('button', { name: 'Edit Contacts' }));
    await user.click(await screen.findByRole('button', { name: 'Remove Contacts 1' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(backend.leads[0]).toMatchObject({ contacts: null }));
  });
});

describe('what somebody takes part in', () => {
  const of = (id: string, leads: ReturnType<typeof leadNumber>[]) => {
    const backend = new FakeBackend({
      leads,
      accounts: [FIRST, SECOND],
      objects: OBJECTS_WITH_PARTICIPANTS,
      signedIn: true,
    });
    return { backend, ...renderApp(backend, `/accounts/${id}`) };
  };

  test('is listed on their page, and gone to', async () => {
    const [theirs, other] = [{ ...leadNumber(1), contacts: [DECIDES] }, leadNumber(2)];
    const { user, router } = of(FIRST.id, [theirs, other]);
    const list = within(await screen.findByRole('region', { name: 'Leads' }));
    expect(await list.findByText('1')).toBeVisible();
    expect(list.getAllByRole('listitem')).toHaveLength(1);
    expect(list.getByRole('link', { name: 'Grace Hopper 1' })).toBeVisible();
    await user.click(list.getByRole('link', { name: 'Show all: Leads' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/leads'));
    const where = { and: [{ field: 'contacts', op: 'any_of', value: [FIRST.id] }] };
    expect(router.state.location.search).toMatchObject({ filter: { v: 1, where } });
    expect(await screen.findByText('1 lead')).toBeInTheDocument();
  });

  test('may be nothing yet, and a new one begins with them', async () => {
    const { backend, user } = of(SECOND.id, []);
    const list = within(await screen.findByRole('region', { name: 'Leads' }));
    expect(await list.findByText('No leads yet')).toBeVisible();
    expect(list.queryByRole('link', { name: /^Show all/ })).toBeNull();
    await user.click(list.getByRole('button', { name: 'New lead' }));
    const panel = within(await screen.findByRole('dialog', { name: 'New lead' }));
    await user.type(panel.getByLabelText(/Last name/), 'Begun');
    await user.click(panel.getByRole('button', { name: 'Save' }));
    expect(await list.findByRole('link', { name: 'Begun' })).toBeVisible();
    expect(backend.leads[0]).toMatchObject({
      contacts: [{ contact_id: SECOND.id, role: null, primary: true }],
    });
  });

  test('is a condition of the filter: with one of them, with all, with nobody', async () => {
    const both = { ...leadNumber(1), contacts: [DECIDES, { ...DECIDES, contact_id: SECOND.id }] };
    const one = { ...leadNumber(2), contacts: [DECIDES] };
    const backend = new FakeBackend({
      leads: [both, one, leadNumber(3)],
      accounts: [FIRST, SECOND],
      objects: OBJECTS_WITH_PARTICIPANTS,
      signedIn: true,
    });
    const { user, router } = renderApp(backend, '/leads');
    await user.click(await screen.findByRole('button', { name: 'Filter' }));
    const drawer = within(await screen.findByRole('dialog', { name: 'Filter' }));
    await user.click(drawer.getByRole('button', { name: 'Add condition' }));
    await user.selectOptions(drawer.getByLabelText('Field'), 'Contacts');
    await user.selectOptions(drawer.getByLabelText('Comparison'), 'has all of');
    const value = await drawer.findByRole('combobox', { name: 'Value' });
    await user.click(value);
    await user.click(await screen.findByRole('option', { name: FIRST.name }));
    await user.type(value, SECOND.name);
    await user.click(await screen.findByRole('option', { name: SECOND.name }));
    await user.click(drawer.getByRole('button', { name: 'Apply' }));
    const term = { field: 'contacts', op: 'all_of', value: [FIRST.id, SECOND.id] };
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ filter: { where: { and: [term] } } }),
    );
    expect(await screen.findByText('1 lead')).toBeInTheDocument();

    // Shown again by their names, and asked otherwise.
    await user.click(screen.getByRole('button', { name: 'Filter: 1 condition' }));
    const again = within(await screen.findByRole('dialog', { name: 'Filter' }));
    expect(await again.findByText(SECOND.name)).toBeVisible();
    await user.selectOptions(again.getByLabelText('Comparison'), 'is empty');
    await user.click(again.getByRole('button', { name: 'Apply' }));
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({
        filter: { where: { and: [{ field: 'contacts', op: 'empty' }] } },
      }),
    );
    expect(await screen.findByRole('link', { name: 'Grace Hopper 3' })).toBeVisible();
  });
});
