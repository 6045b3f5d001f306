/** What the registry describes, as a person meets it: navigation, rights, and fields of other types. */
import { accountNumber, FakeBackend, leadNumber, OBJECTS } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests, server } from '@/testing/render-app';

serveInTests();

function leadsWith(level: 'none' | 'all') {
  const levels = { read: level, create: level, update: level, delete: level, export: level };
  return OBJECTS.map((object) => (object.name === 'lead' ? { ...object, levels } : object));
}

describe('the registry', () => {
  test('makes the navigation of what may be seen', async () => {
    renderApp(new FakeBackend({ signedIn: true }), '/leads');
    const navigation = await screen.findByRole('navigation');
    expect(within(navigation).getByRole('link', { name: 'Accounts' })).toBeVisible();
    expect(within(navigation).getByRole('link', { name: 'Leads' })).toBeVisible();
    expect(await screen.findByRole('heading', { name: 'No leads yet' })).toBeVisible();
    expect(screen.getAllByRole('link', { name: 'New lead' })).not.toHaveLength(0);
    expect(screen.getByRole('link', { name: 'Export' })).toBeVisible();
  });

  test('leaves out what may not', async () => {
    const backend = new FakeBackend({ signedIn: true, objects: leadsWith('none') });
    renderApp(backend, '/leads');
    server.use(
      http.get('*/api/v1/leads', () =>
        HttpResponse.json(
          { type: 'urn:abetworks:problem:forbidden', title: 'forbidden', status: 403 },
          { status: 403 },
        ),
      ),
    );
    expect(await screen.findByRole('heading', { name: 'You may not see leads' })).toBeVisible();
    const navigation = screen.getByRole('navigation');
    expect(within(navigation).getByRole('link', { name: 'Accounts' })).toBeVisible();
    expect(within(navigation).queryByRole('link', { name: 'Leads' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'New lead' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Export' })).toBeNull();
  });

  test('knows which pages there are', async () => {
    renderApp(new FakeBackend({ signedIn: true }), '/lemons');
    expect(await screen.findByRole('heading', { name: 'This page does not exist' })).toBeVisible();
  });
});

describe('a lead', () => {
  test('shows its values as people read them', async () => {
    const hidden = leadNumber(2, { company: null, hidden: ['company'] });
    const backend = new FakeBackend({ leads: [leadNumber(1), hidden], signedIn: true });
    renderApp(backend, '/leads');
    const row = (await screen.findByRole('link', { name: 'Grace Hopper 1' })).closest('[role=row]');
    expect(row).toHaveTextContent('Grace');
    expect(row).toHaveTextContent('New');
    expect(row).toHaveTextContent(/1,000\.50/);
    expect(row).not.toHaveTextContent('Not visible to you');
    const other = screen.getByRole('link', { name: 'Grace Hopper 2' }).closest('[role=row]');
    expect(other).toHaveTextContent('Not visible to you');
  });

  test('is made with a status and an amount', async () => {
    const backend = new FakeBackend({ signedIn: true });
    const { user } = renderApp(backend, '/leads/new');
    const panel = await screen.findByRole('dialog', { name: 'New lead' });
    await user.type(within(panel).getByLabelText(/^Last name/), 'Zuse');
    await user.click(await within(panel).findByRole('combobox', { name: 'Status' }));
    await user.click(await screen.findByRole('option', { name: 'Working' }));
    await user.type(within(panel).getByLabelText('Value'), '12.5');
    await user.click(within(panel).getByRole('button', { name: 'Save' }));
    expect(await screen.findByRole('link', { name: 'Zuse' })).toBeVisible();
    expect(backend.leads[0]).toMatchObject({
      last_name: 'Zuse',
      status: 'working',
      value: { amount: '12.5', currency: 'EUR' },
    });
  });

  test('sends an amount only when it was changed', async () => {
    const backend = new FakeBackend({ leads: [leadNumber(1)], signedIn: true });
    const { user } = renderApp(backend, `/leads/${leadNumber(1).id}/edit`);
    const company = await screen.findByLabelText('Company');
    await screen.findByLabelText('Value');
    backend.leads = [leadNumber(1, { value: { amount: '7.00', currency: 'USD' } })];
    await user.type(company, 'Navy');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(backend.leads[0]?.company).toBe('Navy'));
    expect(backend.leads[0]?.value, 'what was not touched stays').toEqual({
      amount: '7.00',
      currency: 'USD',
    });
  });

  test('words the refusal of an address at its field', async () => {
    const { user } = renderApp(new FakeBackend({ signedIn: true }), '/leads/new');
    const panel = await screen.findByRole('dialog', { name: 'New lead' });
    await user.type(within(panel).getByLabelText(/^Last name/), 'Zuse');
    const email = within(panel).getByLabelText('E-mail');
    await user.type(email, 'nobody');
    await user.click(within(panel).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(email).toHaveAccessibleDescription(/e-mail address such as/));
  });
});

test('a list is narrowed by its title and by a pick list, and the address keeps it', async () => {
  const [fresh, worked] = [leadNumber(1), leadNumber(2, { status: 'working' })];
  const backend = new FakeBackend({ leads: [fresh, worked], signedIn: true });
  const { router, user } = renderApp(backend, '/leads');
  await screen.findByRole('link', { name: 'Grace Hopper 1' });
  await user.click(await screen.findByRole('combobox', { name: 'Filter by Status' }));
  await user.click(await screen.findByRole('option', { name: 'Working' }));
  expect(await screen.findByRole('link', { name: 'Grace Hopper 2' })).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Grace Hopper 1' })).toBeNull();
  const status = { field: 'status', op: 'eq', value: 'working' };
  expect(router.state.location.search).toEqual({ filter: { v: 1, where: { and: [status] } } });
  await user.type(screen.getByLabelText('Filter by Last name'), 'hopper 1');
  expect(await screen.findByRole('heading', { name: 'Nothing found' })).toBeVisible();
  const name = { field: 'last_name', op: 'contains', value: 'hopper 1' };
  expect(router.state.location.search).toEqual({
    filter: { v: 1, where: { and: [status, name] } },
  });
});

test('a relation is found by its name and shown by it', async () => {
  const [part, whole] = [accountNumber(101), accountNumber(102)];
  const backend = new FakeBackend({ accounts: [part, whole], signedIn: true });
  const { user } = renderApp(backend, `/accounts/${part.id}/edit`);
  const input = await screen.findByRole('combobox', { name: 'Part of' });
  await user.type(input, whole.name);
  await user.click(await screen.findByRole('option', { name: whole.name }));
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(backend.find(part.id)).toMatchObject({ parent_id: whole.id }));
  const line = await screen.findByText('Part of', { selector: 'dt' });
  await waitFor(() => expect(line.parentElement).toHaveTextContent(whole.name));
});
