/**
 * Words the server's codes. A code without words of its own gets the general ones rather than the
 * bare code: the list of codes grows on the server first.
 */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type en from './locales/en.json';
import type { RefusedField } from './problem';

export type ProblemMessages = typeof en;

const LOADERS = {
  en: () => import('./locales/en.json'),
  de: () => import('./locales/de.json'),
};

export async function loadProblemMessages(
  language: keyof typeof LOADERS,
): Promise<ProblemMessages> {
  return (await LOADERS[language]()).default;
}

type Lookup = (keys: string[], params?: Record<string, unknown>) => string;

/** i18next cannot type keys that are put together at run time. */
function useLookup(): Lookup {
  const { t } = useTranslation('problem');
  return t as unknown as Lookup;
}

/** The sentence for a problem as a whole; a conflict's reason says more than its code. */
export function useProblemWording(): (code: string, reason?: string) => string {
  const lookup = useLookup();
  return useCallback(
    (code, reason) =>
      lookup([
        ...(reason === undefined ? [] : [`reasons.${reason}`]),
        `problems.${code}`,
        'problems.internal',
      ]),
    [lookup],
  );
}

/** The sentence for one refused field. */
export function useFieldWording(): (field: RefusedField) => string {
  const lookup = useLookup();
  return useCallback(
    ({ code, params }) => lookup([`fieldErrors.${code}`, 'fieldErrors.invalid'], params),
    [lookup],
  );
}
