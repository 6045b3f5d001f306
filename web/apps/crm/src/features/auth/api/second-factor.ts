/** Switching one's second factor on and off. */
import { unwrap } from '@abetworks/problem';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { profileKey } from '@/features/people/api/profile';

const ROUTE = '/api/v1/users/current/second-factor';

export function useBeginSecondFactor() {
  const client = useClient();
  return useMutation({
    mutationFn: (password: string) => unwrap(client.POST(ROUTE, { body: { password } })),
  });
}

export function useConfirmSecondFactor() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (code: string) => unwrap(client.POST(`${ROUTE}/confirm`, { body: { code } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: profileKey }),
  });
}

export function useDisableSecondFactor() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (password: string) =>
      unwrap(client.POST(`${ROUTE}/disable`, { body: { password } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: profileKey }),
  });
}
