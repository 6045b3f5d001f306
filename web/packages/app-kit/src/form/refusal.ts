/** What the server refused, in words. */
import { ProblemError } from '@abetworks/problem';
import { useProblemWording } from '@abetworks/problem/wording';
import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';

export function codeOf(error: unknown): string {
  return error instanceof ProblemError ? error.code : 'internal';
}

export function useRefusalWording(): (error: unknown) => string {
  const word = useProblemWording();
  return useCallback(
    (error) => word(codeOf(error), error instanceof ProblemError ? error.reason : undefined),
    [word],
  );
}

/** For actions without a form: the refusal comes and goes at the edge of the page. */
export function useNotifyRefusal(): (error: unknown) => void {
  const word = useRefusalWording();
  return useCallback(
    (error) => {
      notifications.show({ color: 'red', message: word(error) });
    },
    [word],
  );
}
