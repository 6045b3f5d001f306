/** Asking for a link by which one sets a new password, and using it. */
import { unwrap } from '@abetworks/problem';
import { useMutation } from '@tanstack/react-query';
import { useClient } from '@/app/context';

export function useAskForReset() {
  const client = useClient();
  return useMutation({
    mutationFn: (email: string) =>
      unwrap(client.POST('/api/v1/password-resets', { body: { email } })),
  });
}

export function useCompleteReset(token: string) {
  const client = useClient();
  return useMutation({
    mutationFn: (password: string) =>
      unwrap(client.POST('/api/v1/password-resets/complete', { body: { token, password } })),
  });
}
