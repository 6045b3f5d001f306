/** What stands in the way of a change: changes of others, met while it was saved. */
import { lazy, Suspense } from 'react';
import type { ObjectDescription } from '../description';
import type { useRecordEdit } from './use-record-edit';

/** Rarely met, so it is loaded when it is. */
const ConflictNotice = lazy(async () => ({
  default: (await import('./conflict-notice')).ConflictNotice,
}));

interface EditConflictProps {
  object: ObjectDescription;
  edit: ReturnType<typeof useRecordEdit>;
}

export function EditConflict({ object, edit }: EditConflictProps) {
  const { conflict, changes, takeTheirs, save } = edit;
  if (conflict === undefined) return null;
  return (
    <Suspense>
      <ConflictNotice
        object={object}
        conflict={conflict}
        mine={changes()}
        onTheirs={takeTheirs}
        onMine={save}
      />
    </Suspense>
  );
}
