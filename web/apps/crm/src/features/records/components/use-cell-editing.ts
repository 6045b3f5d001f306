/** Which cell of a list is being changed, and which may be. */
import { useCallback, useMemo, useState } from 'react';
import { type CrmRecord, fieldOf, may, type ObjectDescription } from '../description';
import { formFields } from '../record-values';

interface Cell {
  id: string;
  field: string;
}

export interface CellEditing {
  /** That is being changed. */
  cell: Cell | undefined;
  mayEdit: (field: string) => boolean;
  /** Says whether it did. */
  start: (record: CrmRecord, field: string) => boolean;
  stop: () => void;
}

/** `undefined` where nothing may be changed at all. */
export function useCellEditing(
  object: ObjectDescription,
  readOnly: boolean,
): CellEditing | undefined {
  const [cell, setCell] = useState<Cell>();
  const names = useMemo(() => new Set(formFields(object).map(({ name }) => name)), [object]);
  const mayEdit = useCallback((field: string) => names.has(field), [names]);
  const stop = useCallback(() => setCell(undefined), []);
  const start = useCallback(
    (record: CrmRecord, name: string) => {
      const field = fieldOf(object, name);
      // What one may not see is not there to be changed.
      const isSeen = field !== undefined && record.hidden?.includes(name) !== true;
      if (!isSeen || !mayEdit(name)) return false;
      setCell({ id: record.id, field: name });
      return true;
    },
    [object, mayEdit],
  );
  const editing = useMemo(() => ({ cell, mayEdit, start, stop }), [cell, mayEdit, start, stop]);
  return readOnly || !may(object, 'update') ? undefined : editing;
}
