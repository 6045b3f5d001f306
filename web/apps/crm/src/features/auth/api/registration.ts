/** Asking for a link by which one registers. */
import { unwrap } from '@abetworks/problem';
import { useMutation } from '@tanstack/react-query';
import { useClient } from '@/app/context';

export function useAskToRegister() {
  const client = useClient();
  return useMutation({
    mutationFn: (email: string) =>
      unwrap(client.POST('/api/v1/registrations', { body: { email } })),
  });
}
