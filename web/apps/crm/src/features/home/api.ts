/** What a person begins the day with: their open tasks, what they worked on last; and sample data. */
import type { CrmClient } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { recordKeys } from '@/features/records/api/keys';
import { readPage } from '@/features/records/api/records';
import { DONE } from '@/features/records/components/task-line';
import type { ObjectDescription } from '@/features/records/description';

const MOST_TASKS = 100;
const MOST_RECENT = 5;
const MINE = { field: 'owner_id', op: 'eq', value: { ref: 'me' } };

function filter(...and: unknown[]): string {
  return JSON.stringify({ v: 1, where: { and } });
}

export function myTasksQuery(client: CrmClient, { path }: ObjectDescription) {
  return queryOptions({
    // Below the lists', so that a change of a task reaches it too.
    queryKey: [...recordKeys.lists(path), 'mine'],
    queryFn: ({ signal }) => {
      const open = filter(MINE, { field: 'status', op: 'ne', value: DONE });
      return readPage(client, path, { limit: MOST_TASKS, sort: 'due_at', filter: open }, signal);
    },
  });
}

/** Whether anybody has made anything that one sees. */
export function firstQuery(client: CrmClient, { path }: ObjectDescription) {
  return queryOptions({
    queryKey: [...recordKeys.lists(path), 'first'],
    queryFn: ({ signal }) => readPage(client, path, { limit: 1, fields: 'id' }, signal),
  });
}

export function recentQuery(client: CrmClient, { path }: ObjectDescription) {
  return queryOptions({
    queryKey: [...recordKeys.lists(path), 'recent'],
    queryFn: ({ signal }) => {
      const query = { limit: MOST_RECENT, sort: '-updated_at', filter: filter(MINE) };
      return readPage(client, path, query, signal);
    },
  });
}

const sampleDataKey = ['sample-data'] as const;

/** How many records to try the CRM with there are; for who keeps the organisation's settings. */
export function sampleDataQuery(client: CrmClient) {
  return queryOptions({
    queryKey: sampleDataKey,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/sample-data', { signal })),
  });
}

export function useAddSampleData() {
  const client = useClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/sample-data')),
    onSettled: useReadAgain(),
  });
}

export function useRemoveSampleData() {
  const client = useClient();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/v1/sample-data')),
    onSettled: useReadAgain(),
  });
}

/** Records of every object came or went. */
function useReadAgain() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: sampleDataKey }),
      queryClient.invalidateQueries({ queryKey: ['records'] }),
    ]);
}
