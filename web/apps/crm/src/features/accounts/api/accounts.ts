/** Reading and changing accounts. */
import {
  type Account,
  type AccountCreate,
  type AccountPatch,
  type CrmClient,
  unwrap,
} from '@abetworks/api-crm';
import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { useClient } from '../../../app/context';
import { accountKeys } from './keys';

const PAGE = 100;

export function accountsQuery(client: CrmClient, sort: string) {
  return infiniteQueryOptions({
    queryKey: accountKeys.list(sort),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/accounts', {
          signal,
          params: {
            // Only the first page counts: the number is the same for all of them.
            query:
              pageParam === null
                ? { limit: PAGE, sort, count: true }
                : { limit: PAGE, sort, cursor: pageParam },
          },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function accountQuery(client: CrmClient, id: string) {
  return queryOptions({
    queryKey: accountKeys.one(id),
    // A form starts from it: an old copy would only end in a conflict.
    staleTime: 0,
    gcTime: 0,
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/accounts/{id}', { params: { path: { id } }, signal })),
  });
}

export function useCreateAccount() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: AccountCreate) => unwrap(client.POST('/api/v1/accounts', { body })),
    onSuccess: (account) => changed(queryClient, account),
  });
}

interface Change {
  base: Pick<Account, 'id' | 'version'>;
  patch: AccountPatch;
}

export function useUpdateAccount() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ base, patch }: Change) =>
      unwrap(
        client.PATCH('/api/v1/accounts/{id}', {
          params: { path: { id: base.id }, header: { 'If-Match': entityTag(base.version) } },
          headers: { 'Content-Type': 'application/merge-patch+json' },
          body: patch,
        }),
      ),
    onSuccess: (account) => changed(queryClient, account),
  });
}

export function useDeleteAccount() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }: Pick<Account, 'id' | 'version'>) =>
      unwrap(
        client.DELETE('/api/v1/accounts/{id}', {
          params: { path: { id }, header: { 'If-Match': entityTag(version) } },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: accountKeys.lists }),
  });
}

function entityTag(version: number): string {
  return `"${version}"`;
}

function changed(queryClient: QueryClient, account: Account): Promise<void> {
  queryClient.setQueryData(accountKeys.one(account.id), account);
  return queryClient.invalidateQueries({ queryKey: accountKeys.lists });
}
