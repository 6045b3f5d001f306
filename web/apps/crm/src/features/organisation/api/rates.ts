/** Rates of currencies by day. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';

type Schemas = components['schemas'];
export type CurrencyRate = Schemas['CurrencyRate'];

const ratesKey = ['currency-rates'] as const;

export function ratesQuery(client: CrmClient) {
  return infiniteQueryOptions({
    queryKey: ratesKey,
    queryFn: ({ pageParam, signal }) => {
      const query = pageParam === undefined ? {} : { cursor: pageParam };
      return unwrap(client.GET('/api/v1/currency-rates', { signal, params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

export function useSetRate() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ currency, valid_from, rate }: CurrencyRate) =>
      unwrap(
        client.PUT('/api/v1/currency-rates/{currency}/{valid_from}', {
          params: { path: { currency, valid_from } },
          body: { rate },
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ratesKey }),
  });
}

export function useRemoveRate() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ currency, valid_from }: CurrencyRate) =>
      unwrap(
        client.DELETE('/api/v1/currency-rates/{currency}/{valid_from}', {
          params: { path: { currency, valid_from } },
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ratesKey }),
  });
}
