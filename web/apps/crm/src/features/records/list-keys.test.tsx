/** A list by its keys: from row to row, from cell to cell, and a cell changed where it stands. */
import { ACTIVITIES, FakeBackend, leadNumber, OBJECTS } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

function open() {
  const leads = [1, 2].map((number) => leadNumber(number, { company: `Company ${number}` }));
  const objects = [...OBJECTS, ...ACTIVITIES];
  const backend = new FakeBackend({ leads, objects, signedIn: true });
  return { backend, ...renderApp(backend, '/leads') };
}

const cell = (name: string) => screen.getByRole('gridcell', { name: new RegExp(`^${name}`) });

test('a cell is reached by arrows, changed, and has the focus again', async () => {
  const { backend, user } = open();
  const link = await screen.findByRole('link', { name: 'Grace Hopper 1' });
  link.focus();
  await user.keyboard('{ArrowRight}');
  await waitFor(() => expect(cell('Company 1')).toHaveFocus());
  await user.keyboard('{ArrowDown}');
  await waitFor(() => expect(cell('Company 2')).toHaveFocus());
  await user.keyboard('{ArrowUp}{Enter}');
  const input = await screen.findByLabelText('Company');
  await waitFor(() => expect(input).toHaveFocus());
  await user.clear(input);
  await user.type(input, 'Navy{Enter}');
  await waitFor(() => expect(backend.leads[0]?.company).toBe('Navy'));
  await waitFor(() => expect(cell('Navy')).toHaveFocus());
  await user.keyboard('{F2}');
  await user.type(await screen.findByLabelText('Company'), ' and more{Escape}');
  await waitFor(() => expect(cell('Navy')).toHaveFocus());
  expect(backend.leads[0]?.company).toBe('Navy');
});

test('what is refused is said at the cell, which has its old value again', async () => {
  const { backend, user } = open();
  (await screen.findByRole('link', { name: 'Grace Hopper 1' })).focus();
  await user.keyboard('{F2}');
  const panel = within(await screen.findByRole('dialog', { name: 'Edit Last name' }));
  await user.clear(panel.getByRole('textbox'));
  await user.type(panel.getByRole('textbox'), '{Enter}');
  expect(await screen.findByText(/the old value is back/)).toBeVisible();
  const input = screen.getByRole('textbox', { name: /^Last name/ });
  expect(input).toHaveAccessibleDescription('Please fill this in.');
  expect(screen.getByRole('link', { name: 'Grace Hopper 1', hidden: true })).toBeInTheDocument();

  backend.update(leadNumber(1).id, { last_name: 'Murray' });
  await user.type(input, 'Mine{Enter}');
  const choice = await screen.findByRole('radiogroup', { name: 'Last name' });
  expect(within(choice).getByRole('radio', { name: 'Theirs: Murray' })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Save with these choices' }));
  await waitFor(() => expect(backend.leads[0]?.last_name).toBe('Mine'));
});

test('keys go through rows, open, make and lead elsewhere, but not while one types', async () => {
  const { user, router } = open();
  const first = await screen.findByRole('link', { name: 'Grace Hopper 1' });
  await user.keyboard('j');
  await waitFor(() => expect(first).toHaveFocus());
  await user.keyboard('j');
  await waitFor(() => expect(screen.getByRole('link', { name: 'Grace Hopper 2' })).toHaveFocus());
  await user.keyboard('k');
  await waitFor(() => expect(first).toHaveFocus());
  await user.keyboard('e');
  expect(await screen.findByRole('dialog', { name: 'Grace Hopper 1' })).toBeVisible();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.getByRole('heading', { name: 'Grace Hopper 1', level: 1 })).toBeVisible();
  await user.keyboard('gl');

  const search = await screen.findByRole('searchbox', { name: 'Filter by Last name' });
  await user.type(search, 'cj?');
  expect(search).toHaveValue('cj?');
  expect(screen.queryByRole('dialog')).toBeNull();
  await user.clear(search);
  search.blur();

  await user.keyboard('c');
  expect(await screen.findByRole('dialog', { name: 'New lead' })).toBeVisible();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.keyboard('?');
  const help = within(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' }));
  expect(help.getByText('Create a record')).toBeVisible();
  expect(help.getByText('Accounts')).toBeVisible();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.keyboard('ga');
  await waitFor(() => expect(router.state.location.pathname).toBe('/accounts'));
  await user.keyboard('gh');
  await waitFor(() => expect(router.state.location.pathname).toBe('/home'));
});
