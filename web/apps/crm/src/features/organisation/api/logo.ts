/** The organisation's logo. A change is in the frame of all pages at once. */
import { unwrap } from '@abetworks/problem';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useClient } from '@/app/context';
import { sessionQuery } from '@/features/auth/api/session';

/** What the session knows of the organisation, read again. */
function useTellPages() {
  const client = useClient();
  const queryClient = useQueryClient();
  const router = useRouter();
  return async () => {
    await queryClient.fetchQuery({ ...sessionQuery(client), staleTime: 0 });
    await router.invalidate();
  };
}

export function useSetLogo() {
  const client = useClient();
  return useMutation({
    mutationFn: async (image: File) =>
      unwrap(
        client.PUT('/api/v1/organisation/logo', {
          body: await image.arrayBuffer(),
          bodySerializer: (body) => body,
          headers: { 'Content-Type': image.type },
        }),
      ),
    onSuccess: useTellPages(),
  });
}

export function useRemoveLogo() {
  const client = useClient();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/v1/organisation/logo')),
    // After a refusal, too: somebody else may have removed it.
    onSettled: useTellPages(),
  });
}
