/** How the cache behaves. A refusal is final; only a missing answer is worth asking for again. */
import { ProblemError } from '@abetworks/problem';
import { QueryClient } from '@tanstack/react-query';

const ATTEMPTS = 2;

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Without a connection a change is refused at once, where it was made: what was typed stays there.
      mutations: { networkMode: 'always' },
      queries: {
        staleTime: 15_000,
        retry: (failures, error) =>
          failures < ATTEMPTS && error instanceof ProblemError && error.code === 'unavailable',
      },
    },
  });
}
