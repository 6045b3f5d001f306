/** A record's own page: one field changed where it stands, what happened, what is written about it. */
import { ACTIVITIES, FakeBackend, leadNumber, OBJECTS, problem } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { renderApp, serveInTests, server } from '../../../testing/render-app';

serveInTests();

const lead = leadNumber(1);

function open(options: Partial<ConstructorParameters<typeof FakeBackend>[0]> = {}) {
  const objects = [...OBJECTS, ...ACTIVITIES];
  const backend = new FakeBackend({ leads: [lead], objects, signedIn: true, ...options });
  return { backend, ...renderApp(backend, `/leads/${lead.id}/details`) };
}

const line = async (label: string) =>
  (await screen.findByText(label, { selector: 'dt' })).parentElement as HTMLElement;

test('is reached from the panel over the list', async () => {
  const backend = new FakeBackend({ leads: [lead], signedIn: true });
  const { user, router } = renderApp(backend, `/leads/${lead.id}`);
  await user.click(await screen.findByRole('link', { name: 'Open page' }));
  expect(await screen.findByRole('heading', { name: 'Hopper 1', level: 1 })).toBeVisible();
  expect(router.state.location.pathname).toBe(`/leads/${lead.id}/details`);
});

test('a field is changed where it stands, and the timeline tells of it', async () => {
  const { backend, user } = open();
  expect(await line('Status')).toHaveTextContent('New');
  expect(await screen.findByText('Nothing has happened yet.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Edit Company' }));
  const input = await screen.findByLabelText('Company');
  expect(input).toHaveFocus();
  await user.type(input, 'Navy{Enter}');
  await waitFor(() => expect(backend.leads[0]?.company).toBe('Navy'));
  await waitFor(() => expect(screen.getByRole('button', { name: 'Edit Company' })).toHaveFocus());
  expect(await line('Company')).toHaveTextContent('Navy');
  expect(await screen.findByText('Company: – → Navy')).toBeVisible();
  expect(screen.getAllByText(/Ada Lovelace ·/)).toHaveLength(1);
});

test('a field is left as it was by Escape', async () => {
  const { backend, user } = open();
  await user.click(await screen.findByRole('button', { name: 'Edit Company' }));
  await user.type(await screen.findByLabelText('Company'), 'Navy{Escape}');
  expect(await line('Company')).toHaveTextContent('–');
  expect(backend.leads[0]?.version).toBe(1);
});

test('a refusal is said at the field', async () => {
  const { user } = open();
  await user.click(await screen.findByRole('button', { name: 'Edit E-mail' }));
  const input = await screen.findByLabelText('E-mail');
  await user.clear(input);
  await user.type(input, 'nobody{Enter}');
  await waitFor(() => expect(input).toHaveAccessibleDescription(/e-mail address such as/));
});

test('a change by someone else meanwhile is told, and both are kept', async () => {
  const { backend, user } = open();
  await user.click(await screen.findByRole('button', { name: 'Edit Company' }));
  const input = await screen.findByLabelText('Company');
  backend.update(lead.id, { first_name: 'Rear Admiral' });
  await user.type(input, 'Navy{Enter}');
  expect(await screen.findByText('Changed by someone else')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Save mine over it' }));
  await waitFor(() => expect(backend.leads[0]?.company).toBe('Navy'));
  expect(backend.leads[0]?.first_name).toBe('Rear Admiral');
});

test('a note is written, a task added and done', async () => {
  const { backend, user } = open();
  const note = await screen.findByLabelText('Write a note…');
  await user.click(screen.getByRole('button', { name: 'Add note' }));
  await waitFor(() => expect(note).toHaveAccessibleDescription('Please fill this in.'));
  await user.type(note, 'Prefers the phone');
  await user.click(screen.getByRole('button', { name: 'Add note' }));
  expect(await screen.findByText('Prefers the phone')).toBeVisible();
  await waitFor(() => expect(note).toHaveValue(''));
  await user.click(screen.getByRole('radio', { name: 'Task' }));
  await user.type(await screen.findByLabelText('What is to be done'), 'Call back');
  await user.click(screen.getByRole('button', { name: 'Add task' }));
  expect(await screen.findByRole('link', { name: 'Call back' })).toBeVisible();
  await user.click(screen.getByRole('button', { name: /^Done/ }));
  await waitFor(() => expect(backend.tasks[0]?.status).toBe('done'));
  await waitFor(() => expect(screen.queryByRole('button', { name: /^Done/ })).toBeNull());
});

test('the timeline is read page by page, and again after a failure', async () => {
  const backend = new FakeBackend({ leads: [lead], signedIn: true });
  for (let number = 1; number <= 35; number += 1) backend.addNote(`note ${number}`, [lead.id]);
  const { user } = renderApp(backend, `/leads/${lead.id}/details`);
  server.use(http.get('*/timeline', () => problem(500, 'internal'), { once: true }));
  const alert = await screen.findByRole('alert');
  await user.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('note 35')).toBeVisible();
  expect(screen.queryByText('note 1')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Show older' }));
  expect(await screen.findByText('note 1')).toBeVisible();
});

test('offers no changes while the organisation is read-only', async () => {
  open({ state: 'ReadOnly' });
  expect(await line('Status')).toHaveTextContent('New');
  for (const name of [/^Edit/, 'Add note', 'Delete']) {
    expect(screen.queryByRole('button', { name })).toBeNull();
  }
});
