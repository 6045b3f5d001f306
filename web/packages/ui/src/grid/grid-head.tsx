/** The head of a data grid: names of columns, and by which of them the rows are in order. */
import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconSelector } from '@tabler/icons-react';
import type { GridColumn, GridSort } from './data-grid';
import classes from './data-grid.module.css';

interface GridHeadProps<Row> {
  columns: GridColumn<Row>[];
  sort: GridSort | undefined;
  onSort: (sort: GridSort) => void;
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
  const active = sort?.key === column.key;
  const direction = sort?.descending ? 'descending' : 'ascending';
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: its button takes the focus
    <div
      role="columnheader"
      aria-sort={active ? direction : undefined}
      className={classes.cell}
      data-wide-only={column.wideOnly || undefined}
      data-align-end={column.alignEnd || undefined}
    >
      {column.sortable ? (
        <UnstyledButton
          className={classes.sort}
          data-active={active || undefined}
          onClick={() => onSort({ key: column.key, descending: active && !sort.descending })}
        >
          {column.label}
          <SortIcon active={active} descending={sort?.descending ?? false} />
        </UnstyledButton>
      ) : (
        column.label
      )}
    </div>
  );
}

function SortIcon({ active, descending }: { active: boolean; descending: boolean }) {
  const Icon = active ? (descending ? IconArrowDown : IconArrowUp) : IconSelector;
  return <Icon size={14} aria-hidden />;
}
