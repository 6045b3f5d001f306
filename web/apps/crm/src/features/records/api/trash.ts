/** What was deleted, and taking it back out. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';

export type TrashItem = components['schemas']['TrashItem'];

export function trashQuery(client: CrmClient, path: string) {
  return infiniteQueryOptions({
    queryKey: ['trash', path],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { object: path, ...(pageParam === null ? {} : { cursor: pageParam }) };
      return unwrap(client.GET('/api/v1/trash', { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useRestore(path: string) {
  const client = useClient();
  const queryClient = useQueryClient();
  // All objects have the same route, which the schema writes out one by one.
  const route = `/api/v1/${path}/{id}/restore` as '/api/v1/accounts/{id}/restore';
  return useMutation({
    mutationFn: (id: string) => unwrap(client.POST(route, { params: { path: { id } } })),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['trash', path] }),
        queryClient.invalidateQueries({ queryKey: ['records'] }),
      ]),
  });
}
