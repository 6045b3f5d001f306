/** Changing one's own password. */
import type { components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { useMutation } from '@tanstack/react-query';
import { useClient } from '@/app/context';

export function useChangePassword() {
  const client = useClient();
  return useMutation({
    mutationFn: (body: components['schemas']['PasswordChange']) =>
      unwrap(client.POST('/api/v1/users/current/password', { body })),
  });
}
