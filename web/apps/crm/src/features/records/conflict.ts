/** Someone else saved first: what the record is now, and which fields they changed. Pure. */
import { ProblemError } from '@abetworks/problem';
import type { CrmRecord, FieldDescription, ObjectDescription } from './description';
import { formFields } from './record-values';

export interface Conflict {
  current: CrmRecord;
  changed: FieldDescription[];
}

/** `undefined` when the refusal is no conflict, or does not tell the present state. */
export function conflictOf(
  error: unknown,
  base: CrmRecord,
  object: ObjectDescription,
): Conflict | undefined {
  if (!(error instanceof ProblemError) || error.code !== 'precondition-failed') return undefined;
  const { current, changed = [] } = error.problem;
  if (typeof current !== 'object' || current === null) return undefined;
  // The server leaves out what the reader may not see.
  const whole = { ...base, ...(current as Partial<CrmRecord>) };
  return {
    current: whole,
    changed: formFields(object).filter(({ name }) => changed.includes(name)),
  };
}
