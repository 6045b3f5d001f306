/**
 * Gives the focus back when a panel goes away that was shown by an address: it leaves the document at
 * once, and the dialog's own way to return the focus never runs.
 */
import { useEffect, useState } from 'react';

export function useReturnFocus(): void {
  // Read while rendering: afterwards the dialog has the focus.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (!(before instanceof HTMLElement)) return;
      // After the dialog has let go of it.
      queueMicrotask(() => {
        if (before.isConnected) before.focus({ preventScroll: true });
      });
    },
    [before],
  );
}
