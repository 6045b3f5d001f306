/** Reading and changing records of any object. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { ProblemError, unwrap } from '@abetworks/problem';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { ifMatch, MERGE_PATCH } from '@/app/entity-tag';
import type { CrmRecord, ObjectDescription } from '../description';
import type { ListFilter } from '../filter/filter';
import { isTimeline, recordKeys } from './keys';

const PAGE = 100;
/** What a record's page shows of a list beside it. */
const FEW = 5;

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
  filter: ListFilter | undefined,
) {
  const narrowed = filter === undefined ? undefined : JSON.stringify(filter);
  const wanted = { limit: PAGE, sort, ...(narrowed === undefined ? {} : { filter: narrowed }) };
  return infiniteQueryOptions({
    queryKey: recordKeys.list(path, sort, narrowed),
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

/** How many records a list has. */
export function countQuery(client: CrmClient, path: string, filter: ListFilter | undefined) {
  const narrowed = filter === undefined ? undefined : JSON.stringify(filter);
  return queryOptions({
    queryKey: [...recordKeys.lists(path), 'count', narrowed],
    queryFn: async ({ signal }) => {
      const query = { limit: 1, fields: 'id', count: true };
      const narrow = narrowed === undefined ? {} : { filter: narrowed };
      return (await readPage(client, path, { ...query, ...narrow }, signal)).count;
    },
  });
}

/** The newest few of a list, with how many there are. */
export function relatedQuery(client: CrmClient, path: string, filter: string) {
  return queryOptions({
    queryKey: recordKeys.related(path, filter),
    queryFn: ({ signal }) => {
      const query = { limit: FEW, sort: '-updated_at', filter, count: true };
      return readPage(client, path, query, signal);
    },
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
    // Shown before the server has answered; a refusal puts back what stood there.
    onMutate: ({ base, patch }) => show(queryClient, path, base.id, patch),
    onError: (error, { base, patch }) => {
      const before = Object.keys(patch).map((name) => [name, base[name]] as const);
      return undo(queryClient, path, base.id, Object.fromEntries(before), error);
    },
    onSuccess: (record) => changed(queryClient, path, record),
  });
}

/** Puts values of a record into everything that shows it. */
async function show(queryClient: QueryClient, path: string, id: string, values: Body) {
  const keys = [recordKeys.lists(path), recordKeys.one(path, id)];
  // An answer that is on its way is older than these.
  await Promise.all(keys.map((queryKey) => queryClient.cancelQueries({ queryKey })));
  put(queryClient, path, id, values);
}

function put(queryClient: QueryClient, path: string, id: string, values: Body): void {
  const withValues = (record: CrmRecord) => (record.id === id ? { ...record, ...values } : record);
  const inPage = (page: RecordPage) => ({ ...page, items: page.items.map(withValues) });
  queryClient.setQueryData<CrmRecord>(
    recordKeys.one(path, id),
    (record) => record && withValues(record),
  );
  queryClient.setQueriesData<InfiniteData<RecordPage> | RecordPage>(
    { queryKey: recordKeys.lists(path) },
    (data) => {
      if (data === undefined) return undefined;
      return 'pages' in data ? { ...data, pages: data.pages.map(inPage) } : inPage(data);
    },
  );
}

async function undo(
  queryClient: QueryClient,
  path: string,
  id: string,
  before: Body,
  error: Error,
): Promise<void> {
  const { status, problem } = error instanceof ProblemError ? error : { status: 0, problem: {} };
  const current = status === 412 && typeof problem.current === 'object' ? problem.current : null;
  // What stood there was out of date: what stands there now is told with the refusal.
  put(queryClient, path, id, current === null ? before : (current as Body));
  if (status === 404) await queryClient.invalidateQueries({ queryKey: recordKeys.lists(path) });
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
