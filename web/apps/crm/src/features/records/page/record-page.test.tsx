/** A record's own page: one field changed where it stands, what happened, what is written about it. */
import {
  ACTIVITIES,
  accountNumber,
  FakeBackend,
  leadNumber,
  OBJECTS,
  problem,
} from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { renderApp, serveInTests, server } from '@/testing/render-app';

serveInTests();

const lead = leadNumber(1);

function open(options: Partial<ConstructorParameters<typeof FakeBackend>[0]> = {}) {
  const objects = [...OBJECTS, ...ACTIVITIES];
  const backend = new FakeBackend({ leads: [lead], objects, signedIn: true, ...options });
  return { backend, ...renderApp(backend, `/leads/${lead.id}`) };
}

const line = async (label: string) =>
  (await screen.findByText(label, { selector: 'dt' })).parentElement as HTMLElement;

test('a row opens the page, its form lies over it and leads back to it', async () => {
  const backend = new FakeBackend({ leads: [lead], signedIn: true });
  const { user, router } = renderApp(backend, '/leads?sort=-value');
  await user.click(await screen.findByRole('link', { name: 'Grace Hopper 1' }));
  expect(await screen.findByRole('heading', { name: 'Grace Hopper 1', level: 1 })).toBeVisible();
  expect(router.state.location.pathname).toBe(`/leads/${lead.id}`);
  await user.click(screen.getByRole('link', { name: 'Edit' }));
  const panel = within(await screen.findByRole('dialog', { name: 'Grace Hopper 1' }));
  await user.type(await panel.findByLabelText('Company'), 'Navy');
  await user.click(panel.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(router.state.location).toMatchObject({
    pathname: `/leads/${lead.id}`,
    search: { sort: '-value' },
  });
  expect(await line('Company')).toHaveTextContent('Navy');
});

test('an old link to it leads there', async () => {
  const backend = new FakeBackend({ leads: [lead], signedIn: true });
  const { router } = renderApp(backend, `/leads/${lead.id}/details?sort=-value`);
  expect(await screen.findByRole('heading', { name: 'Grace Hopper 1', level: 1 })).toBeVisible();
  expect(router.state.location.href).toBe(`/leads/${lead.id}?sort=-value`);
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
  expect(await screen.findByText(/the old value is back/)).toBeVisible();
  const again = screen.getByLabelText('E-mail');
  expect(again).toHaveAccessibleDescription(/e-mail address such as/);
  expect(again).toHaveValue('nobody');
  await user.keyboard('{Escape}');
  expect(await line('E-mail')).toHaveTextContent('lead-1@company.example');
});

test('a change by someone else meanwhile is told, and both are kept', async () => {
  const { backend, user } = open();
  await user.click(await screen.findByRole('button', { name: 'Edit Company' }));
  const input = await screen.findByLabelText('Company');
  backend.update(lead.id, { first_name: 'Rear Admiral' });
  await user.type(input, 'Navy{Enter}');
  expect(await screen.findByText('Changed by someone else')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Save my changes as well' }));
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
  const timeline = within(screen.getByRole('region', { name: 'Timeline' }));
  expect(await timeline.findByText('Prefers the phone')).toBeVisible();
  await waitFor(() => expect(note).toHaveValue(''));
  await user.click(screen.getByRole('radio', { name: 'Task' }));
  await user.type(await screen.findByLabelText('What is to be done'), 'Call back');
  await user.click(screen.getByRole('button', { name: 'Add task' }));
  expect(await timeline.findByRole('link', { name: 'Call back' })).toBeVisible();
  await user.click(timeline.getByRole('button', { name: /^Done/ }));
  await waitFor(() => expect(backend.tasks[0]?.status).toBe('done'));
  await waitFor(() => expect(screen.queryByRole('button', { name: /^Done/ })).toBeNull());
});

test('the timeline is read page by page, and again after a failure', async () => {
  const backend = new FakeBackend({ leads: [lead], signedIn: true });
  for (let number = 1; number <= 35; number += 1) backend.addNote(`note ${number}`, [lead.id]);
  const { user } = renderApp(backend, `/leads/${lead.id}`);
  server.use(http.get('*/timeline', () => problem(500, 'internal'), { once: true }));
  const timeline = await screen.findByRole('region', { name: 'Timeline' });
  const alert = await within(timeline).findByRole('alert');
  await user.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('note 35')).toBeVisible();
  expect(screen.queryByText('note 1')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Show older' }));
  expect(await screen.findByText('note 1')).toBeVisible();
});

test('a change whose values are gone or not for the reader says no more than that', async () => {
  const changes = { company: { old: null, new: null }, first_name: { old: null, new: 'Grace' } };
  const entry = { kind: 'change', id: 'c-1', at: '2026-06-01T10:00:00.000Z', actor: null };
  const items = [{ ...entry, change: { kind: 'updated', changes } }];
  open();
  server.use(http.get('*/timeline', () => HttpResponse.json({ items, next: null })));
  expect(await screen.findByText('Company: changed; what it was is not shown')).toBeVisible();
  expect(await screen.findByText(/^First name:/)).toHaveTextContent(/→ Grace$/);
});

test('offers no changes while the organisation is read-only', async () => {
  open({ state: 'ReadOnly' });
  expect(await line('Status')).toHaveTextContent('New');
  for (const name of [/^Edit/, 'Add note', 'Delete']) {
    expect(screen.queryByRole('button', { name })).toBeNull();
  }
});

test('what is saved shows at once, and goes back when it is refused', async () => {
  const { user } = open();
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  server.use(
    http.patch('*/leads/:id', async () => {
      await answered;
      return problem(403, 'forbidden');
    }),
  );
  await user.click(await screen.findByRole('button', { name: 'Edit Company' }));
  await user.type(await screen.findByLabelText('Company'), 'Navy{Enter}');
  expect(await screen.findByText('Saving…')).toBeVisible();
  expect(await line('Company')).toHaveTextContent('Navy');
  answer();
  expect(await screen.findByText(/the old value is back/)).toBeVisible();
  expect(screen.getByLabelText('Company')).toHaveValue('Navy');
  await user.keyboard('{Escape}');
  expect(await line('Company')).toHaveTextContent('–');
});

test('where both changed the same, each value is chosen', async () => {
  const { backend, user } = open();
  await user.click(await screen.findByRole('button', { name: 'Edit Company' }));
  backend.update(lead.id, { company: 'Army' });
  await user.type(await screen.findByLabelText('Company'), 'Navy{Enter}');
  const choice = await screen.findByRole('radiogroup', { name: 'Company' });
  expect(within(choice).getByRole('radio', { name: 'Yours: Navy' })).toBeChecked();
  await user.click(within(choice).getByRole('radio', { name: 'Theirs: Army' }));
  await user.click(screen.getByRole('button', { name: 'Save with these choices' }));
  await waitFor(async () => expect(await line('Company')).toHaveTextContent('Army'));
  expect(backend.leads[0]).toMatchObject({ company: 'Army', version: 2 });

  await user.click(screen.getByRole('button', { name: 'Edit Company' }));
  backend.update(lead.id, { company: 'Air force' });
  const input = await screen.findByLabelText('Company');
  await user.clear(input);
  await user.type(input, 'Navy{Enter}');
  await user.click(await screen.findByRole('button', { name: 'Save with these choices' }));
  await waitFor(() => expect(backend.leads[0]).toMatchObject({ company: 'Navy', version: 4 }));
});

test('what refers to it is listed, counted, gone to and made', async () => {
  const objects = [...OBJECTS, ...ACTIVITIES];
  const parent = accountNumber(1);
  const children = [2, 3, 4, 5, 6, 7].map((number) =>
    accountNumber(number, { parent_id: parent.id }),
  );
  const backend = new FakeBackend({ accounts: [parent, ...children], objects, signedIn: true });
  const { user, router } = renderApp(backend, `/accounts/${parent.id}`);
  const list = within(await screen.findByRole('region', { name: 'Accounts: Part of' }));
  expect(await list.findByText('6')).toBeVisible();
  expect(list.getAllByRole('listitem')).toHaveLength(5);
  const tasks = within(screen.getByRole('region', { name: 'Tasks' }));
  expect(await tasks.findByText('0')).toBeVisible();
  expect(screen.queryByRole('region', { name: 'Notes' })).toBeNull();

  await user.click(tasks.getByRole('button', { name: 'New task' }));
  const panel = within(await screen.findByRole('dialog', { name: 'New task' }));
  expect(panel.getByText(`About: ${parent.name}`)).toBeVisible();
  await user.type(panel.getByLabelText(/Subject/), 'Call them');
  await user.click(panel.getByRole('button', { name: 'Save' }));
  expect(await tasks.findByRole('link', { name: 'Call them' })).toBeVisible();
  expect(backend.tasks[0]).toMatchObject({ links: [{ object: 'account', id: parent.id }] });

  await user.click(list.getByRole('link', { name: /^Show all/ }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/accounts'));
  expect(await screen.findByText('6 accounts')).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: parent.name })).toBeNull();
});

test('the next and the previous one of the list are a step away', async () => {
  const leads = [1, 2, 3].map((number) => leadNumber(number));
  const backend = new FakeBackend({ leads, signedIn: true });
  const { user, router } = renderApp(backend, `/leads/${lead.id}?sort=-last_name`);
  expect(await screen.findByText('3 of 3')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Next record' })).toBeDisabled();
  await user.click(screen.getByRole('button', { name: 'Previous record' }));
  expect(await screen.findByRole('heading', { name: 'Grace Hopper 2', level: 1 })).toBeVisible();
  expect(router.state.location.search).toEqual({ sort: '-last_name' });
  await user.keyboard('j');
  expect(await screen.findByRole('heading', { name: 'Grace Hopper 1', level: 1 })).toBeVisible();
  await user.keyboard('k');
  expect(await screen.findByRole('heading', { name: 'Grace Hopper 2', level: 1 })).toBeVisible();
});
