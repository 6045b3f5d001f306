/** Who takes part: shown with roles, changed where it stands. */
import { accountNumber, FakeBackend, leadNumber, OBJECTS } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '../../testing/render-app';

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
  return { backend, ...renderApp(backend, `/leads/${lead.id}/details`) };
}

describe('who takes part', () => {
  test('is shown with roles, and that there are others', async () => {
    page(['contacts']);
    const label = await screen.findByText('Contacts', { selector: 'dt' });
    const line = label.parentElement as HTMLElement;
    expect(await within(line).findByRole('link', { name: FIRST.name })).toHaveAttribute(
      'href',
      `/accounts/${FIRST.id}/details`,
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
