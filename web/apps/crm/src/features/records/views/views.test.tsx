/** Saved views: what a list shows is kept, found again, begun with, and removed. */
import { FakeBackend, leadNumber } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';
import { keptIn } from './view-search';

serveInTests();

const WORKING = { v: 1, where: { and: [{ field: 'status', op: 'eq', value: 'working' }] } };

function organisation() {
  const leads = [leadNumber(1), leadNumber(2, { status: 'working' })];
  return new FakeBackend({ leads, signedIn: true });
}

test('a list is saved as a view, pinned, changed and saved again', async () => {
  const backend = organisation();
  const filter = encodeURIComponent(JSON.stringify(WORKING));
  const { user, router } = renderApp(backend, `/leads?sort=-value&filter=${filter}`);
  await user.click(await screen.findByRole('button', { name: 'View: All leads' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Save as a new view' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Save as a new view' }));
  await user.click(dialog.getByRole('button', { name: 'Save' }));
  const name = dialog.getByLabelText(/^Name/);
  await waitFor(() => expect(name).toHaveAccessibleDescription('Please fill this in.'));
  await user.type(name, 'Hot');
  await user.click(dialog.getByRole('radio', { name: 'Everyone' }));
  await user.click(dialog.getByRole('button', { name: 'Save' }));
  expect(await screen.findByRole('link', { name: 'Hot' })).toBeVisible();
  expect(backend.views.all[0]).toMatchObject({
    name: 'Hot',
    object: 'lead',
    visibility: 'shared',
    filter: WORKING,
    sort: '-value',
    columns: [],
    is_pinned: true,
  });
  const view = backend.views.all[0]?.id;
  await waitFor(() => expect(router.state.location.search).toMatchObject({ view }));

  await user.click(screen.getByRole('button', { name: 'Name' }));
  await user.click(await screen.findByText('Hot (changed)'));
  await user.click(await screen.findByRole('menuitem', { name: 'Save changes to Hot' }));
  await waitFor(() => expect(backend.views.all[0]).toMatchObject({ sort: null, version: 2 }));
  expect(await screen.findByRole('button', { name: 'View: Hot' })).toHaveTextContent(/^Hot$/);
});

test('one begins with the view that is one’s default, and sees all when asked to', async () => {
  const backend = organisation();
  const view = backend.views.add({ object: 'lead', name: 'Hot', filter: WORKING });
  backend.views.prefer(view, { is_default: true, is_pinned: false });
  const { user, router } = renderApp(backend, '/leads');
  expect(await screen.findByRole('link', { name: 'Grace Hopper 2' })).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Grace Hopper 1' })).toBeNull();
  expect(router.state.location.search).toMatchObject({ view: view.id, filter: WORKING });
  await user.click(await screen.findByRole('button', { name: 'View: Hot' }));
  await user.click(await screen.findByRole('menuitem', { name: 'All leads' }));
  expect(await screen.findByRole('link', { name: 'Grace Hopper 1' })).toBeVisible();

  await user.click(screen.getByRole('button', { name: 'View: All leads' }));
  await user.click(await screen.findByRole('menuitem', { name: /^Hot/ }));
  await user.click(await screen.findByRole('button', { name: 'View: Hot' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Begin with it no longer' }));
  await waitFor(() => expect(backend.views.all[0]?.is_default).toBe(false));
  await user.click(screen.getByRole('button', { name: 'View: Hot' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Delete view' }));
  const question = within(await screen.findByRole('dialog', { name: 'Delete the view Hot?' }));
  await user.click(question.getByRole('button', { name: 'Delete view' }));
  await waitFor(() => expect(backend.views.all).toEqual([]));
  expect(await screen.findByRole('button', { name: 'View: All leads' })).toBeVisible();
});

test('the order of columns is part of a view', async () => {
  const backend = organisation();
  const view = backend.views.add({ object: 'lead', name: 'Hot', columns: ['status', 'company'] });
  const { user } = renderApp(backend, `/leads?view=${view.id}&columns=status,company`);
  await user.click(await screen.findByRole('button', { name: 'View: Hot' }));
  await user.keyboard('{Escape}');
  await user.click(await screen.findByRole('button', { name: 'Columns' }));
  await user.click(await screen.findByRole('button', { name: 'Move Company up' }));
  await user.keyboard('{Escape}');
  await user.click(await screen.findByText('Hot (changed)'));
  await user.click(await screen.findByRole('menuitem', { name: 'Save changes to Hot' }));
  await waitFor(() => expect(backend.views.all[0]?.columns).toEqual(['company', 'status']));
});

test('a view that lost its filter shows nothing until somebody chooses', async () => {
  const backend = organisation();
  const view = backend.views.add({ object: 'lead', name: 'Hot', filter: null });
  backend.views.put({ ...view, hidden: ['filter'], is_default: true });
  const { user, router } = renderApp(backend, '/leads');
  expect(await screen.findByRole('heading', { name: 'The filter has lost a part' })).toBeVisible();
  expect(screen.queryByRole('link', { name: /^Grace Hopper/ })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Export' })).toBeNull();

  await user.click(screen.getByRole('button', { name: 'Edit filter' }));
  const drawer = within(await screen.findByRole('dialog', { name: 'Filter' }));
  await user.click(drawer.getByRole('button', { name: 'Add condition' }));
  await user.selectOptions(drawer.getByLabelText('Field'), 'Status');
  await user.click(await drawer.findByRole('combobox', { name: 'Value' }));
  await user.click(await screen.findByRole('option', { name: 'Working' }));
  await user.click(drawer.getByRole('button', { name: 'Apply' }));
  expect(await screen.findByRole('link', { name: 'Grace Hopper 2' })).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Grace Hopper 1' })).toBeNull();

  await router.navigate({ to: '/$path', params: { path: 'leads' }, search: { view: view.id } });
  await user.click(await screen.findByRole('button', { name: 'Show all leads' }));
  expect(await screen.findByRole('link', { name: 'Grace Hopper 1' })).toBeVisible();
  expect(router.state.location.search).toEqual({ view: 'all' });
});

test('what one may not see of a view stays when the rest is saved', async () => {
  const backend = organisation();
  const view = backend.views.add({ object: 'lead', name: 'Hot', filter: WORKING });
  const seen = { ...view, filter: null, hidden: ['filter'] };
  expect(keptIn(seen, { view: view.id, sort: '-value' })).toEqual({ sort: '-value', columns: [] });
  expect(keptIn(seen, { view: view.id, filter: WORKING as never })).toMatchObject({
    filter: WORKING,
  });
  expect(keptIn(view, { view: view.id })).toMatchObject({ filter: null });
});
