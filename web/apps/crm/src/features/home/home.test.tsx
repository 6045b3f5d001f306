/** Where one begins: tasks by when they are due, and what one worked on last. */
import { ACTIVITIES, ADA, FakeBackend, leadNumber, OBJECTS } from '@abetworks/testing';
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';
import { byDue } from './tasks';

serveInTests();

const HOUR = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

function organisation() {
  const objects = [...OBJECTS, ...ACTIVITIES];
  const mine = leadNumber(1, { owner_id: ADA });
  const backend = new FakeBackend({ leads: [mine, leadNumber(2)], objects, signedIn: true });
  backend.addTask({ name: 'Send the offer', due_at: at(-48) }, []);
  backend.addTask({ name: 'Plan the year', due_at: null }, []);
  backend.addTask({ name: 'Over and done', due_at: at(-24), status: 'done' }, []);
  return backend;
}

test('shows what is mine, and lets a task be done', async () => {
  const backend = organisation();
  const { user } = renderApp(backend, '/home');
  expect(await screen.findByRole('heading', { name: 'Hello Ada Lovelace' })).toBeVisible();
  const overdue = await screen.findByRole('region', { name: 'Overdue' });
  expect(within(overdue).getByRole('link', { name: 'Send the offer' })).toBeVisible();
  const upcoming = screen.getByRole('region', { name: 'Upcoming' });
  expect(within(upcoming).getByRole('link', { name: 'Plan the year' })).toBeVisible();
  expect(screen.queryByText('Over and done')).toBeNull();
  expect(await screen.findByRole('link', { name: 'Grace Hopper 1' })).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Grace Hopper 2' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Done: Send the offer' }));
  await waitFor(() => expect(screen.queryByText('Send the offer')).toBeNull());
  expect(backend.tasks[0]?.status).toBe('done');
});

test('says so when there is nothing', async () => {
  const objects = [...OBJECTS, ...ACTIVITIES];
  renderApp(new FakeBackend({ objects, signedIn: true }), '/home');
  expect(await screen.findByText(/Nothing to do/)).toBeVisible();
  expect(await screen.findByText(/Records that are yours/)).toBeVisible();
});

test.each([
  ['2026-03-04T11:59:00.000Z', 'overdue'],
  ['2026-03-04T12:01:00.000Z', 'today'],
  ['2026-03-06T00:00:00.000Z', 'upcoming'],
  [null, 'upcoming'],
] as const)('a task due %s is %s at noon', (due_at, when) => {
  const task = { id: '1', version: 1, due_at };
  expect(byDue([task], new Date('2026-03-04T12:00:00.000Z'))[when]).toEqual([task]);
});

test('an empty organisation is told how to begin, until there is a record', async () => {
  const backend = new FakeBackend({ objects: [...OBJECTS, ...ACTIVITIES], signedIn: true });
  const { user } = renderApp(backend, '/home');
  const welcome = within(await screen.findByRole('region', { name: "Let's begin" }));
  expect(await welcome.findByRole('link', { name: 'Invite people' })).toBeVisible();
  await user.click(welcome.getByRole('link', { name: 'New account' }));
  const panel = within(await screen.findByRole('dialog', { name: 'New account' }));
  await user.type(panel.getByLabelText(/^Name/), 'First');
  await user.click(panel.getByRole('button', { name: 'Save' }));
  await screen.findByRole('link', { name: 'First' });
  await user.click(screen.getByRole('link', { name: 'Home' }));
  expect(await screen.findByRole('heading', { name: /^Hello/ })).toBeVisible();
  await waitFor(() => expect(screen.queryByRole('region', { name: "Let's begin" })).toBeNull());
});

test('sample data is offered to begin with, and taken away again', async () => {
  const backend = new FakeBackend({ objects: [...OBJECTS, ...ACTIVITIES], signedIn: true });
  const { user } = renderApp(backend, '/home');
  expect(screen.queryByRole('region', { name: 'Sample data' })).toBeNull();
  await user.click(await screen.findByRole('button', { name: 'Add sample data' }));
  const notice = within(await screen.findByRole('region', { name: 'Sample data' }));
  expect(notice.getByText(/^2 records here are made up/)).toBeVisible();
  await waitFor(() => expect(screen.queryByRole('region', { name: "Let's begin" })).toBeNull());
  expect(await screen.findByRole('link', { name: 'Grace Hopper 902' })).toBeVisible();
  await user.click(notice.getByRole('button', { name: 'Remove sample data' }));
  const question = within(await screen.findByRole('dialog', { name: 'Remove the sample data?' }));
  await user.click(question.getByRole('button', { name: 'Remove sample data' }));
  expect(await screen.findByRole('region', { name: "Let's begin" })).toBeVisible();
  expect(screen.queryByRole('region', { name: 'Sample data' })).toBeNull();
  expect(backend.leads).toEqual([]);
});

test('nothing is said of sample data to who does not keep the organisation', async () => {
  const backend = new FakeBackend({ objects: [...OBJECTS, ...ACTIVITIES], signedIn: true });
  backend.people.profile = { ...backend.people.profile, role_ids: [] };
  backend.addSamples();
  renderApp(backend, '/home');
  expect(await screen.findByRole('link', { name: 'Grace Hopper 902' })).toBeVisible();
  expect(screen.queryByRole('region', { name: 'Sample data' })).toBeNull();
});
