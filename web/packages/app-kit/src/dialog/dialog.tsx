/** A dialog. What it is made of is large, so it is loaded when the first one opens. */
import type { ModalProps } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';

const LoadedModal = lazy(() => import('./modal'));

export function Dialog(props: ModalProps) {
  const [wanted, setWanted] = useState(props.opened);
  if (props.opened && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense>
      <LoadedModal {...props} />
    </Suspense>
  );
}
