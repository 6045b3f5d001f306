/** Narrowing a list, ordering it by several columns, and choosing what it shows. */
import { accountNumber, FakeBackend, leadNumber } from '@abetworks/testing';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

const [fresh, worked, won] = [
  leadNumber(1, { company: 'Navy' }),
  leadNumber(2, { status: 'working' }),
  leadNumber(3, { status: 'qualified' }),
] as const;

function leads(address: string) {
  const backend = new FakeBackend({ leads: [fresh, worked, won], signedIn: true });
  return renderApp(backend, address);
}

const shown = () =>
  screen
    .queryAllByRole('link', { name: /^Grace Hopper/ })
    .map((link) => link.textContent)
    .sort();
const address = (where: unknown) =>
  `/leads?filter=${encodeURIComponent(JSON.stringify({ v: 1, where }))}`;

describe('the filter', () => {
  test('is built of conditions and groups, and kept in the address', async () => {
    const { router, user } = leads('/leads');
    await user.click(await screen.findByRole('button', { name: 'Filter' }));
    const drawer = await screen.findByRole('dialog', { name: 'Filter' });
    await user.click(within(drawer).getByRole('button', { name: 'Add group' }));
    const inner = within(drawer).getAllByRole('group')[1] as HTMLElement;
    await user.selectOptions(within(inner).getByLabelText('Field'), 'Company');
    await user.selectOptions(within(inner).getByLabelText('Comparison'), 'is');
    await user.type(await within(inner).findByLabelText('Value'), 'Navy');
    await user.click(within(inner).getByRole('button', { name: 'Add condition' }));
    await user.selectOptions(within(inner).getAllByLabelText('Field')[1] as HTMLElement, 'Status');
    await user.click(await within(inner).findByRole('combobox', { name: 'Value' }));
    await user.click(await screen.findByRole('option', { name: 'Qualified' }));
    await user.click(within(drawer).getByRole('button', { name: 'Apply' }));
    await waitFor(() => expect(shown()).toEqual(['Grace Hopper 1', 'Grace Hopper 3']));
    const company = { field: 'company', op: 'eq', value: 'Navy' };
    const status = { field: 'status', op: 'in', value: ['qualified'] };
    expect(router.state.location.search).toMatchObject({
      filter: { v: 1, where: { and: [{ or: [company, status] }] } },
    });
    expect(screen.getByRole('button', { name: 'Filter: 2 conditions' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Clear filter' }));
    await waitFor(() => expect(shown()).toHaveLength(3));
  });

  test('of an address is shown again, with what it cannot show kept', async () => {
    const not = { not: { field: 'company', op: 'empty' } };
    const me = { field: 'owner_id', op: 'eq', value: { ref: 'me' } };
    const { router, user } = leads(address({ and: [me, not, { field: 'gone', op: 'empty' }] }));
    // Without what is gone it would show more than was meant.
    expect(await screen.findByText(/asks for something that is gone/)).toBeVisible();
    expect(shown()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Edit filter' }));
    const drawer = await screen.findByRole('dialog', { name: 'Filter' });
    expect(within(drawer).getByLabelText('Comparison')).toHaveDisplayValue('is me');
    expect(within(drawer).getByText(/kept as it is/)).toBeVisible();
    await user.click(within(drawer).getByRole('button', { name: 'Apply' }));
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ filter: { where: { and: [me, not] } } }),
    );
  });

  test('reaches the records that are referred to, by their names in paths', async () => {
    const { router, user } = renderApp(
      new FakeBackend({ accounts: [accountNumber(1)], signedIn: true }),
      '/accounts',
    );
    await user.click(await screen.findByRole('button', { name: 'Filter' }));
    const drawer = await screen.findByRole('dialog', { name: 'Filter' });
    await user.click(within(drawer).getByRole('button', { name: 'Add condition' }));
    const field = within(drawer).getByLabelText('Field');
    expect(within(field).getByRole('group', { name: 'Part of' })).toBeInTheDocument();
    await user.selectOptions(field, 'Part of: City');
    await user.selectOptions(within(drawer).getByLabelText('Comparison'), 'is');
    await user.type(await within(drawer).findByLabelText('Value'), 'Bonn');
    await user.click(within(drawer).getByRole('button', { name: 'Apply' }));
    const term = { field: 'parent.city', op: 'eq', value: 'Bonn' };
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ filter: { where: { and: [term] } } }),
    );
    await user.click(screen.getByRole('button', { name: 'Filter: 1 condition' }));
    const again = await screen.findByRole('dialog', { name: 'Filter' });
    expect(within(again).getByLabelText('Field')).toHaveDisplayValue('Part of: City');
    expect(within(again).getByLabelText('Value')).toHaveValue('Bonn');
  });

  test('that is none shows the whole list', async () => {
    leads(address({ nonsense: 1 }));
    await waitFor(() => expect(shown()).toHaveLength(3));
  });

  test('of days that depend on today asks for them', async () => {
    const { router, user } = leads('/leads');
    await user.click(await screen.findByRole('button', { name: 'Filter' }));
    const drawer = await screen.findByRole('dialog', { name: 'Filter' });
    await user.click(within(drawer).getByRole('button', { name: 'Add condition' }));
    await user.selectOptions(within(drawer).getByLabelText('Field'), 'Created');
    await user.selectOptions(within(drawer).getByLabelText('When'), 'last');
    const count = within(drawer).getByLabelText('How many');
    await user.clear(count);
    await user.type(count, '7');
    await user.selectOptions(within(drawer).getByLabelText('Span of time'), 'days');
    await user.click(within(drawer).getByRole('button', { name: 'Apply' }));
    const value = { relative: 'last', count: 7, unit: 'day' };
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({
        filter: { where: { and: [{ field: 'created_at', op: 'eq', value }] } },
      }),
    );
  });
});

test('people who have left are asked for, and told from those who are there', async () => {
  const backend = new FakeBackend({ leads: [fresh], signedIn: true });
  const left = backend.people.addUser('Konrad Zuse', 'konrad@example.com', []);
  backend.people.users = backend.people.users.map((one) =>
    one.id === left.id ? { ...one, active: false } : one,
  );
  const { router, user } = renderApp(backend, '/leads');
  await user.click(await screen.findByRole('button', { name: 'Filter' }));
  const drawer = within(await screen.findByRole('dialog', { name: 'Filter' }));
  await user.click(drawer.getByRole('button', { name: 'Add condition' }));
  await user.selectOptions(drawer.getByLabelText('Field'), 'Owner');
  await user.selectOptions(drawer.getByLabelText('Comparison'), 'is');
  await user.click(await drawer.findByRole('combobox', { name: 'Value' }));
  await user.click(await screen.findByRole('option', { name: 'Konrad Zuse (former)' }));
  await user.click(drawer.getByRole('button', { name: 'Apply' }));
  const term = { field: 'owner_id', op: 'eq', value: left.id };
  await waitFor(() =>
    expect(router.state.location.search).toMatchObject({ filter: { where: { and: [term] } } }),
  );

  await router.navigate({ to: '/$path/new', params: { path: 'leads' } });
  const form = within(await screen.findByRole('dialog', { name: 'New lead' }));
  await user.click(await form.findByRole('combobox', { name: 'Owner' }));
  expect(await screen.findByRole('option', { name: 'Ada Lovelace' })).toBeVisible();
  expect(screen.queryByRole('option', { name: /Konrad/ })).toBeNull();
});

test('who is faster than the page changes what the address says, not what is shown', async () => {
  const picked = (field: string, value: string) => ({ field, op: 'eq', value });
  const where = { and: [picked('status', 'new'), picked('company', 'Navy')] };
  const { router } = leads(address(where));
  const changed = await screen.findByRole('button', { name: 'Changed' });
  fireEvent.click(await screen.findByRole('button', { name: 'Clear filter' }));
  fireEvent.click(screen.getByLabelText('Clear'));
  fireEvent.click(changed);
  fireEvent.click(changed);
  await waitFor(() => expect(router.state.location.search).toEqual({ sort: '-updated_at' }));
  await waitFor(() => expect(shown()).toHaveLength(3));
});

test('the order has several columns with Shift, each of both ways', async () => {
  const accounts = [
    accountNumber(1, { industry: 'B', employees: 1 }),
    accountNumber(2, { industry: 'A', employees: 1 }),
    accountNumber(3, { industry: 'A', employees: 2 }),
  ];
  const { router, user } = renderApp(new FakeBackend({ accounts, signedIn: true }), '/accounts');
  const names = () =>
    screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent?.match(/[A-Z]\w+ \w+ (\d)/)?.[1]);
  await user.click(await screen.findByRole('button', { name: 'Industry' }));
  await user.keyboard('{Shift>}');
  await user.click(screen.getByRole('button', { name: 'Employees' }));
  await user.click(screen.getByRole('button', { name: 'Employees' }));
  await user.keyboard('{/Shift}');
  await waitFor(() =>
    expect(router.state.location.search).toMatchObject({ sort: 'industry,-employees' }),
  );
  await waitFor(() => expect(names()).toEqual(['3', '2', '1']));
  expect(screen.getByRole('columnheader', { name: /Employees/ })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
});

test('columns are chosen, and the address keeps them', async () => {
  const { router, user } = leads('/leads');
  expect(await screen.findByRole('columnheader', { name: 'Company' })).toBeVisible();
  await user.click(await screen.findByRole('button', { name: 'Columns' }));
  await user.click(await screen.findByLabelText('Company'));
  await user.click(screen.getByLabelText('Owner'));
  await waitFor(() => expect(screen.queryByRole('columnheader', { name: 'Company' })).toBeNull());
  expect(screen.getByRole('columnheader', { name: 'Owner' })).toBeVisible();
  expect(router.state.location.search).toMatchObject({
    columns: 'status,value,owner_id',
  });
});

describe('the order of columns', () => {
  const heads = () => screen.getAllByRole('columnheader').map((head) => head.textContent);
  const order = ['Name', 'Status', 'Company', 'Value', 'Changed'];

  test('is changed by buttons, which say where an end is, and is in the address', async () => {
    const { router, user } = leads('/leads');
    await user.click(await screen.findByRole('button', { name: 'Columns' }));
    const list = within(await screen.findByRole('list', { name: /order/ }));
    const up = list.getByRole('button', { name: 'Move Status up' });
    await user.click(up);
    await waitFor(() => expect(heads()).toEqual(order));
    expect(router.state.location.search).toMatchObject({
      columns: 'status,company,value',
    });
    expect(screen.getByText('Status: 1 of 3')).toBeInTheDocument();
    expect(up).toHaveFocus();
    expect(up).toHaveAttribute('aria-disabled', 'true');
    await user.click(up);
    expect(heads()).toEqual(order);
    expect(list.queryByRole('button', { name: 'Move Owner up' })).toBeNull();
    await user.click(list.getByRole('button', { name: 'Move Status down' }));
    await waitFor(() => expect(router.state.location.search).not.toHaveProperty('columns'));
  });

  test('is changed by keys, at the entry that has the focus', async () => {
    const { router, user } = leads('/leads?columns=company,status,value');
    await user.click(await screen.findByRole('button', { name: 'Columns' }));
    const box = await screen.findByRole('checkbox', { name: 'Company' });
    box.focus();
    await user.keyboard('{Alt>}{ArrowDown}{ArrowDown}{ArrowDown}{/Alt}');
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ columns: 'status,value,company' }),
    );
    await waitFor(() => expect(screen.getByText('Company: 3 of 3')).toBeInTheDocument());
    expect(box).toHaveFocus();
    const owner = screen.getByRole('checkbox', { name: 'Owner' });
    owner.focus();
    await user.keyboard('{Alt>}{ArrowUp}{/Alt} ');
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({
        columns: 'status,value,company,owner_id',
      }),
    );
    expect(owner).toHaveFocus();
  });
});
