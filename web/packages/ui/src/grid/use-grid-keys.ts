/**
 * Moving through a grid by keys: arrows from cell to cell, a key to change the cell one stands in.
 * Only the rows in sight are in the document: one that is out of it is scrolled to first.
 */
import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
} from 'react';

/** For keys that are pressed elsewhere on the page. */
export interface GridHandle {
  /** To the row after or before the one that has the focus; to the first where none has. */
  step: (by: 1 | -1) => void;
  /** The place of the row that has the focus. */
  row: () => number | undefined;
}

interface Place {
  row: number;
  column: string;
}

interface GridKeys {
  grid: RefObject<HTMLElement | null>;
  handle: RefObject<GridHandle | null> | undefined;
  count: number;
  /** The column whose cell holds the row's link. */
  linkColumn: string;
  scrollTo: (row: number) => void;
  /** Begins to change a cell, if that may be changed; says whether it did. */
  onEdit: ((row: number, column: string) => boolean) | undefined;
}

const CELL = '[data-column]';

function placeOf(element: Element | null): Place | undefined {
  const cell = element?.closest<HTMLElement>(CELL);
  const row = cell?.closest<HTMLElement>('[data-row]');
  if (cell == null || row == null) return undefined;
  return { row: Number(row.dataset.row), column: cell.dataset.column ?? '' };
}

function isShown(cell: HTMLElement): boolean {
  return getComputedStyle(cell).display !== 'none';
}

function beside(element: Element | null, by: -1 | 1): string | undefined {
  const cell = element?.closest<HTMLElement>(CELL);
  const all = [...(cell?.parentElement?.querySelectorAll<HTMLElement>(CELL) ?? [])];
  const cells = all.filter(isShown);
  return cells[cell == null ? -1 : cells.indexOf(cell) + by]?.dataset.column;
}

export function useGridKeys({ grid, handle, count, linkColumn, scrollTo, onEdit }: GridKeys) {
  /** Waits for its row to be in the document. */
  const wanted = useRef<Place>(undefined);
  const focusWanted = useCallback(() => {
    if (wanted.current === undefined) return;
    const { row, column } = wanted.current;
    const cell = grid.current?.querySelector<HTMLElement>(
      `[data-row="${row}"] [data-column="${column}"]`,
    );
    if (cell == null) return;
    wanted.current = undefined;
    (cell.querySelector('a') ?? cell).focus();
  }, [grid]);
  useEffect(focusWanted);

  const focus = (row: number, column: string) => {
    if (row < 0 || row >= count) return;
    wanted.current = { row, column };
    scrollTo(row);
    focusWanted();
  };
  const here = () => {
    const active = document.activeElement;
    return grid.current?.contains(active) ? placeOf(active) : undefined;
  };
  useImperativeHandle(handle, () => ({
    step: (by) => {
      const place = here();
      focus(place === undefined ? 0 : place.row + by, linkColumn);
    },
    row: () => here()?.row,
  }));

  return (event: KeyboardEvent) => {
    const { key, target } = event;
    const element = target as HTMLElement;
    const place = placeOf(element);
    // What is typed into an editor over the grid is no key of the grid.
    if (place === undefined || !grid.current?.contains(element)) return;
    const isLink = element.closest('a') !== null;
    if (key === 'F2' || (key === 'Enter' && element.matches(CELL))) {
      if (onEdit?.(place.row, place.column)) event.preventDefault();
      return;
    }
    const aside = key === 'ArrowLeft' ? -1 : 1;
    const column = /^Arrow(Left|Right)$/.test(key) ? beside(element, aside) : place.column;
    const down = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
    if (!key.startsWith('Arrow') || column === undefined) return;
    // A link's own arrows scroll, which this does as well.
    if (isLink || element.matches(CELL)) {
      event.preventDefault();
      focus(place.row + down, column);
    }
  };
}
