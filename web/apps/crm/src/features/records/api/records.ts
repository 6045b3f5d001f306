/** Reading and changing records of any object. */
import { type CrmClient, type components, unwrap } from '@abetworks/api-crm';
import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { useClient } from '../../../app/context';
import { ifMatch, MERGE_PATCH } from '../../../app/entity-tag';
import type { CrmRecord, ObjectDescription } from '../description';
import { isTimeline, recordKeys } from './keys';

const PAGE = 100;

export interface RecordPage {
  items: CrmRecord[];
  next: string | null;
  count?: components['schemas']['Count'];
}

/** All objects have the same routes, which the schema writes out one by one: typed as one of them. */
function listRoute(path: string) {
  return `/api/v1/${path}` as '/api/v1/accounts';
}

function recordRoute(path: string) {
  return `/api/v1/${path}/{id}` as '/api/v1/accounts/{id}';
}

interface ListQuery {
  limit: number;
  sort?: string;
  filter?: string;
  fields?: string;
  cursor?: string;
  count?: boolean;
}

export async function readPage(
  client: CrmClient,
  path: string,
  query: ListQuery,
  signal: AbortSignal,
): Promise<RecordPage> {
  const page = await unwrap(client.GET(listRoute(path), { signal, params: { query } }));
  return page as unknown as RecordPage;
}

export function recordsQuery(
  client: CrmClient,
  path: string,
  sort: string,
  filter: string | undefined,
) {
  const wanted = { limit: PAGE, sort, ...(filter === undefined ? {} : { filter }) };
  return infiniteQueryOptions({
    queryKey: recordKeys.list(path, sort, filter),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      readPage(
        client,
        path,
        // Only the first page counts: the number is the same for all of them.
        pageParam === null ? { ...wanted, count: true } : { ...wanted, cursor: pageParam },
        signal,
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function recordQuery(client: CrmClient, path: string, id: string) {
  return queryOptions({
    queryKey: recordKeys.one(path, id),
    // A form starts from it: an old copy would only end in a conflict.
    staleTime: 0,
    gcTime: 0,
    queryFn: async ({ signal }) =>
      (await unwrap(
        client.GET(recordRoute(path), { params: { path: { id } }, signal }),
      )) as CrmRecord,
  });
}

type Body = Record<string, unknown>;

export function useCreateRecord({ path }: ObjectDescription) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (body: Body) =>
      (await unwrap(client.POST(listRoute(path), { body: body as never }))) as CrmRecord,
    onSuccess: (record) => changed(queryClient, path, record),
  });
}

interface Change {
  base: CrmRecord;
  patch: Body;
}

export function useUpdateRecord({ path }: ObjectDescription) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ base, patch }: Change) =>
      (await unwrap(
        client.PATCH(recordRoute(path), {
          params: { path: { id: base.id }, header: ifMatch(base) },
          headers: MERGE_PATCH,
          body: patch,
        }),
      )) as CrmRecord,
    onSuccess: (record) => changed(queryClient, path, record),
  });
}

export function useDeleteRecord({ path }: ObjectDescription) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (record: CrmRecord) =>
      unwrap(
        client.DELETE(recordRoute(path), {
          params: { path: { id: record.id }, header: ifMatch(record) },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: recordKeys.lists(path) }),
  });
}

async function changed(queryClient: QueryClient, path: string, record: CrmRecord): Promise<void> {
  queryClient.setQueryData(recordKeys.one(path, record.id), record);
  await Promise.all([
    // Its own, and those of the records that it hangs on.
    queryClient.invalidateQueries({ predicate: ({ queryKey }) => isTimeline(queryKey) }),
    queryClient.invalidateQueries({ queryKey: recordKeys.lists(path) }),
    queryClient.invalidateQueries({ queryKey: recordKeys.allNames(path) }),
  ]);
}
