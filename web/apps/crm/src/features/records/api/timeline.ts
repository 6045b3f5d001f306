/** What happened to a record, newest first, and adding to it. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import type { CrmRecord, ObjectDescription } from '../description';
import { recordKeys } from './keys';

type Schemas = components['schemas'];

export interface TimelineChange {
  kind: string;
  changes: Record<string, { old: unknown; new: unknown }>;
}

export type TimelineEntry = Omit<Schemas['TimelineEntry'], 'change' | 'record'> & {
  change?: TimelineChange;
  record?: CrmRecord;
};

interface TimelinePage {
  items: TimelineEntry[];
  next: string | null;
}

const PAGE = 30;

/** All objects have the same route, which the schema writes out one by one: typed as one of them. */
function timelineRoute(path: string) {
  return `/api/v1/${path}/{id}/timeline` as '/api/v1/accounts/{id}/timeline';
}

export function timelineQuery(client: CrmClient, path: string, id: string) {
  return infiniteQueryOptions({
    queryKey: recordKeys.timeline(path, id),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) };
      const page = await unwrap(
        client.GET(timelineRoute(path), { params: { path: { id }, query }, signal }),
      );
      return page as unknown as TimelinePage;
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** A note or a task about a record. */
export function useAddActivity(object: ObjectDescription, id: string) {
  const client = useClient();
  const queryClient = useQueryClient();
  const links = [{ object: object.name, id }];
  const told = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: recordKeys.timeline(object.path, id) }),
      queryClient.invalidateQueries({ queryKey: recordKeys.lists('tasks') }),
    ]);
  const note = useMutation({
    mutationFn: (body: string) => unwrap(client.POST('/api/v1/notes', { body: { body, links } })),
    onSuccess: told,
  });
  const task = useMutation({
    mutationFn: (values: { name: string; due_at: string | null }) =>
      unwrap(client.POST('/api/v1/tasks', { body: { ...values, links } })),
    onSuccess: told,
  });
  return { note, task };
}
