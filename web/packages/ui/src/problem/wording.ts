/**
 * Words the server's codes. A code without words of its own gets the general ones rather than the
 * bare code: the list of codes grows on the server first.
 */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** One member of a problem's `errors`. */
export interface RefusedField {
  pointer: string;
  code: string;
  params?: Record<string, unknown>;
}

type Lookup = (keys: string[], params?: Record<string, unknown>) => string;

/** i18next cannot type keys that are put together at run time. */
function useLookup(): Lookup {
  const { t } = useTranslation('ui');
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

/** The field that a pointer leads into: `/label/en` is `label.en` where a form has that, or `label`. */
function fieldAt(pointer: string, fields: readonly string[]): string | undefined {
  const path = pointer.replace(/^#?\//, '').split('/');
  const names = path.map((_, index) => path.slice(0, path.length - index).join('.'));
  return names.find((name) => fields.includes(name));
}

/**
 * The refusals by the name of the form's field. What belongs to none of `fields` is returned apart,
 * so that a form never swallows a refusal it has no place for.
 */
export function errorsByField(
  errors: readonly RefusedField[],
  fields: readonly string[],
): { byField: Record<string, RefusedField>; others: RefusedField[] } {
  const byField: Record<string, RefusedField> = {};
  const others: RefusedField[] = [];
  for (const error of errors) {
    const name = fieldAt(error.pointer, fields);
    if (name === undefined) others.push(error);
    else byField[name] ??= error;
  }
  return { byField, others };
}
