/** Background jobs, as who may see them meets them. */
import { ADA, accountNumber, FakeBackend } from '@abetworks/testing';
import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

const DAY = '2026-01-02T09:00:00.000Z';
type Job = FakeBackend['people']['jobs'][number];

function job(number: number, values: Partial<Job>): Job {
  const { id } = accountNumber(number);
  const more = { requested_by: { id: ADA, name: 'Ada Lovelace' }, attempt: 1, max_attempts: 3 };
  const ends = { result: null, error: null, created_at: DAY, finished_at: null };
  const progress = { done: 10, total: 40 };
  return { id, kind: 'export', state: 'running', progress, ...ends, ...more, ...values };
}

test('a job is called off, a failed one taken up again', async () => {
  const backend = new FakeBackend({ signedIn: true });
  const failed = job(2, { state: 'failed', error: { code: 'storage-full' } });
  backend.people.jobs = [job(1, {}), failed];
  const { user } = renderApp(backend, '/settings/jobs');
  expect(await screen.findByText('storage-full')).toBeVisible();
  expect(screen.getAllByText('10 / 40')).toHaveLength(2);
  await user.click(screen.getByRole('button', { name: 'Call off' }));
  await waitFor(() => expect(backend.people.jobs[0]?.state).toBe('cancelled'));
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(backend.people.jobs[1]?.state).toBe('queued'));
  expect(await screen.findByText('Called off')).toBeVisible();
});
