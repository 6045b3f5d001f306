/**
 * Changing a record that others may change, too: only what was changed here is sent, on the version
 * that it started from; a change met on the way is shown, and decided by the person.
 */
import { useState } from 'react';
import { useUpdateRecord } from '../api/records';
import { type Conflict, conflictOf } from '../conflict';
import type { CrmRecord, ObjectDescription } from '../description';
import { toPatch, valuesOf } from '../record-values';
import { useRecordForm } from './use-record-form';

interface RecordEdit {
  object: ObjectDescription;
  loaded: CrmRecord;
  /** Nothing was changed, or all of it is saved: the record then, as it is now. */
  onDone: (saved: CrmRecord | undefined) => void;
}

export function useRecordEdit({ object, loaded, onDone }: RecordEdit) {
  const update = useUpdateRecord(object);
  /** What the form started from: a refetch in the background must not move it under the typing. */
  const [base, setBase] = useState(loaded);
  const [conflict, setConflict] = useState<Conflict>();
  const { form, refusal, clear, refuse } = useRecordForm(object, valuesOf(object, loaded));
  const changes = () => toPatch(object, form.getValues(), valuesOf(object, base));

  const fail = (error: unknown) => {
    const met = conflictOf(error, base, object);
    if (met === undefined) refuse(error);
    else setConflict(met);
  };
  /** `over`: the version to put the changes on; `given`: fields that keep what stands there. */
  const save = (over: CrmRecord = base, given: string[] = []) => {
    clear();
    setConflict(undefined);
    const patch = Object.fromEntries(
      Object.entries(changes()).filter(([name]) => !given.includes(name)),
    );
    if (Object.keys(patch).length === 0) return onDone(undefined);
    update.mutate({ base: over, patch }, { onSuccess: onDone, onError: fail });
  };
  const takeTheirs = (current: CrmRecord) => {
    setBase(current);
    setConflict(undefined);
    form.setValues(valuesOf(object, current));
  };
  return {
    form,
    base,
    refusal,
    conflict,
    fail,
    save,
    takeTheirs,
    changes,
    isSaving: update.isPending,
  };
}
