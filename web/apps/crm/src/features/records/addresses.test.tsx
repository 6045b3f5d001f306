/** Several e-mail addresses of a record: shown on its page, edited with what is known of each. */
import type { components } from '@abetworks/api-crm';
import { FakeBackend, leadNumber, OBJECTS } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';
import { columnFields } from './list-fields';
import { formFields, sentValue } from './record-values';

serveInTests();

type Address = components['schemas']['Address'];

/** Leads with a list of addresses behind the primary one, as the server describes them. */
const OBJECTS_WITH_EMAILS = OBJECTS.map((object) => ({
  ...object,
  fields: object.fields.flatMap((field) =>
    field.name === 'email'
      ? [
          field,
          {
            ...field,
            name: 'emails',
            type: 'emails',
            label: { en: 'E-mails', de: 'E-Mails' },
            sortable: false,
            target: 'email',
          },
        ]
      : [field],
  ),
}));

const address = (value: string, more: Partial<Address> = {}): Address => ({
  value,
  label: null,
  primary: false,
  opted_out: false,
  invalid: false,
  ...more,
});

const WORK = address('ada@work.example', { primary: true, label: 'Work' });
const HOME = address('ada@home.example', { opted_out: true });
const LEAD = leadNumber(1, { email: WORK.value, emails: [WORK, HOME] });

function page(emails: Address[] | null = [WORK, HOME]) {
  const lead = { ...LEAD, emails };
  const backend = new FakeBackend({
    leads: [lead],
    objects: OBJECTS_WITH_EMAILS,
    signedIn: true,
  });
  return { backend, ...renderApp(backend, `/leads/${LEAD.id}`) };
}

describe('several addresses', () => {
  test('stand for the primary one on the page, with what is known of each', async () => {
    page();
    const label = await screen.findByText('E-mails', { selector: 'dt' });
    const line = label.parentElement as HTMLElement;
    expect(within(line).getByRole('link', { name: WORK.value })).toHaveAttribute(
      'href',
      `mailto:${WORK.value}`,
    );
    expect(line).toHaveTextContent('WorkPrimary');
    expect(line).toHaveTextContent(`${HOME.value}Opted out`);
    expect(screen.queryByText('E-mail', { selector: 'dt' })).toBeNull();
  });

  test('are changed, added, removed, and one is made the primary one', async () => {
    const { backend, user } = page();
    await user.click(await screen.findByRole('button', { name: 'Edit E-mails' }));
    const group = await screen.findByRole('group', { name: 'E-mails' });
    const input = (name: string) => within(group).getByRole('textbox', { name });
    await user.click(within(group).getByRole('button', { name: 'Add to E-mails' }));
    await user.type(input('E-mails 3'), 'ada@new.example');
    await user.type(input('E-mails 3: Label'), 'New');
    await user.click(within(group).getByRole('radio', { name: 'E-mails 3: Primary' }));
    await user.click(within(group).getByRole('checkbox', { name: 'E-mails 2: Opted out' }));
    await user.click(within(group).getByRole('checkbox', { name: 'E-mails 2: Invalid' }));
    await user.click(within(group).getByRole('button', { name: 'Remove E-mails 1' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(backend.leads[0]).toMatchObject({
        emails: [
          { ...HOME, opted_out: false, invalid: true },
          address('ada@new.example', { label: 'New', primary: true }),
        ],
      }),
    );
  });

  test('removing the primary one makes the next one it', async () => {
    const { backend, user } = page();
    await user.click(await screen.findByRole('button', { name: 'Edit E-mails' }));
    await user.click(await screen.findByRole('button', { name: 'Remove E-mails 1' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(backend.leads[0]).toMatchObject({ emails: [{ ...HOME, primary: true }] }),
    );
  });

  test('begin with one line, and lines that stay blank are none', async () => {
    const { backend, user } = page(null);
    await user.click(await screen.findByRole('button', { name: 'Edit E-mails' }));
    const first = await screen.findByRole('textbox', { name: 'E-mails 1' });
    expect(screen.getByRole('radio', { name: 'E-mails 1: Primary' })).toBeChecked();
    await user.type(first, ' ada@work.example');
    await user.click(screen.getByRole('button', { name: 'Add to E-mails' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(backend.leads[0]).toMatchObject({
        emails: [address('ada@work.example', { primary: true })],
      }),
    );
  });

  test('are one input of a form and no column of a list', () => {
    const lead = OBJECTS_WITH_EMAILS.find(({ name }) => name === 'lead');
    if (lead === undefined) throw new Error('there are leads');
    const names = formFields(lead).map(({ name }) => name);
    expect(names).toContain('emails');
    expect(names).not.toContain('email');
    expect(columnFields(lead).map(({ name }) => name)).toContain('email');
    expect(columnFields(lead).map(({ name }) => name)).not.toContain('emails');
    expect(sentValue('emails', [])).toBeNull();
    expect(sentValue('emails', [address(' ')])).toBeNull();
  });
});
