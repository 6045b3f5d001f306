/** Signing out: nothing of the session may stay in memory afterwards. */
import { ProblemError } from '@abetworks/problem';
import { useProblemWording } from '@abetworks/problem/wording';
import { preferFormats } from '@abetworks/ui';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { viewThrough } from '@/features/access/viewing-as';
import { organisationKey, sessionKey, useSignOut } from '../api/session';

/** What strangers see as well: the sign-in page asks for it at once, and would wait for what was thrown away. */
const STAYS = new Set<unknown>([sessionKey[0], organisationKey[0]]);

export function useLeave(): () => void {
  const signOut = useSignOut();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const wordProblem = useProblemWording();
  const forget = async () => {
    queryClient.setQueryData(sessionKey, null);
    await navigate({ to: '/sign-in' });
    preferFormats(null);
    queryClient.removeQueries({ predicate: ({ queryKey }) => !STAYS.has(queryKey[0]) });
  };
  return () => {
    // Nothing is changed while one looks through a role, not even this.
    viewThrough(undefined);
    signOut.mutate(undefined, {
      onSuccess: () => void forget(),
      onError: (error) => {
        const code = error instanceof ProblemError ? error.code : 'internal';
        // The session had ended already: that is what was wanted.
        if (code === 'unauthenticated') void forget();
        else notifications.show({ color: 'red', message: wordProblem(code) });
      },
    });
  };
}
