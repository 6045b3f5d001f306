/** The head of a data grid: names of columns, and by which of them the rows are in order. */
import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconSelector } from '@tabler/icons-react';
import type { GridColumn, GridSort } from './columns';
import classes from './data-grid.module.css';

interface GridHeadProps<Row> {
  columns: GridColumn<Row>[];
  sort: GridSort[];
  onSort: (next: (sort: GridSort[]) => GridSort[]) => void;
}

export function GridHead<Row>({ columns, sort, onSort }: GridHeadProps<Row>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of a real table cannot be positioned
    <div role="rowgroup" className={classes.head}>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons take the focus */}
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        {columns.map((column) => (
          <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
        ))}
      </div>
    </div>
  );
}

interface HeadCellProps<Row> extends Pick<GridHeadProps<Row>, 'sort' | 'onSort'> {
  column: GridColumn<Row>;
}

function HeadCell<Row>({ column, sort, onSort }: HeadCellProps<Row>) {
  const place = sort.findIndex(({ key }) => key === column.key);
  const present = sort[place];
  const direction = present?.descending ? 'descending' : 'ascending';
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: its button takes the focus
    <div
      role="columnheader"
      aria-sort={present === undefined ? undefined : direction}
      className={classes.cell}
      data-align-end={column.alignEnd || undefined}
    >
      {column.sortable ? (
        <UnstyledButton
          className={classes.sort}
          data-active={present !== undefined || undefined}
          onClick={({ shiftKey }) => onSort((now) => nextSort(now, column.key, shiftKey))}
        >
          {column.label}
          <SortIcon present={present} />
          {sort.length > 1 && present !== undefined ? <span aria-hidden>{place + 1}</span> : null}
        </UnstyledButton>
      ) : (
        column.label
      )}
    </div>
  );
}

/** A click puts the rows in order by one column; with Shift, a column is added to the order. */
export function nextSort(sort: GridSort[], key: string, adding: boolean): GridSort[] {
  const present = sort.find((one) => one.key === key);
  const turned = { key, descending: present !== undefined && !present.descending };
  if (!adding) return [turned];
  if (present === undefined) return [...sort, turned];
  const turn = sort.map((one) => (one.key === key ? turned : one));
  // Both ways were seen: the column leaves the order, unless it is the last one.
  return present.descending && sort.length > 1 ? sort.filter((one) => one.key !== key) : turn;
}

function SortIcon({ present }: { present: GridSort | undefined }) {
  const Active = present?.descending ? IconArrowDown : IconArrowUp;
  const Icon = present === undefined ? IconSelector : Active;
  return <Icon size={14} aria-hidden />;
}
