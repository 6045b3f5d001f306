/**
 * A long list: only the rows in sight are in the document, the next page is asked for when its
 * place comes near. It must not sort or filter by itself: the server's order is the order.
 */
import { Button, Loader, Skeleton, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GridColumn, GridSort } from './columns';
import classes from './data-grid.module.css';
import { GridHead } from './grid-head';
import { type GridHandle, useGridKeys } from './use-grid-keys';

export interface DataGridProps<Row> {
  label: string;
  columns: GridColumn<Row>[];
  /** `undefined` while the first page is on its way. */
  rows: Row[] | undefined;
  rowKey: (row: Row) => string;
  /** How many rows there are in all, where that is known exactly. */
  total: number | undefined;
  /** The first counts most. */
  sort: GridSort[];
  /** Of whatever the order is at that moment. */
  onSort: (next: (sort: GridSort[]) => GridSort[]) => void;
  more: 'none' | 'available' | 'loading' | 'failed';
  onMore: () => void;
  /** Begins to change a cell, if that may be changed, and says whether it did: cells are then reached by arrows. */
  onEdit?: ((row: Row, column: string) => boolean) | undefined;
  handle?: RefObject<GridHandle | null>;
}

const ROW_HEIGHT = 52;
const SKELETONS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { columns, rows, label, total, sort, onSort, onEdit } = props;
  // State, not a ref: rows that mount together with it have to learn of it afterwards.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  return (
    <div ref={setScroller} className={classes.scroller} style={tracks(columns)}>
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take them */}
      <div
        role={onEdit === undefined ? 'table' : 'grid'}
        aria-label={label}
        aria-rowcount={total === undefined ? -1 : total + 1}
        aria-busy={rows === undefined}
      >
        <GridHead columns={columns} sort={sort} onSort={onSort} />
        {rows === undefined ? (
          <LoadingRows columns={columns} />
        ) : (
          <Rows {...props} rows={rows} scroller={scroller} />
        )}
      </div>
    </div>
  );
}

function tracks<Row>(columns: GridColumn<Row>[]): CSSProperties {
  return { '--tracks': columns.map(({ width }) => width).join(' ') } as CSSProperties;
}

interface RowsProps<Row> extends DataGridProps<Row> {
  rows: Row[];
  scroller: HTMLDivElement | null;
}

function Rows<Row>(props: RowsProps<Row>) {
  const { rows, columns, rowKey, more, onMore, onEdit, handle, scroller } = props;
  const body = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_HEIGHT,
    // Until it is measured, so that rows which are there already come with the first picture.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    overscan: 12,
  });
  const onKeyDown = useGridKeys({
    grid: body,
    handle,
    count: rows.length,
    linkColumn: columns[0]?.key ?? '',
    scrollTo: (row) => virtualizer.scrollToIndex(row),
    onEdit:
      onEdit &&
      ((row, column) => {
        const one = rows[row];
        return one !== undefined && onEdit(one, column);
      }),
  });
  const visible = virtualizer.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more === 'available' && last >= rows.length - 15) onMore();
  }, [more, last, rows.length, onMore]);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: rows of a real table cannot be positioned */}
      <div
        ref={body}
        role="rowgroup"
        className={classes.body}
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {visible.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            // biome-ignore lint/a11y/useSemanticElements: see above
            // biome-ignore lint/a11y/useFocusableInteractive: the row's link takes the focus
            <div
              key={rowKey(row)}
              role="row"
              aria-rowindex={index + 2}
              data-row={index}
              className={classes.row}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Cells columns={columns} row={row} isGrid={onEdit !== undefined} />
            </div>
          );
        })}
      </div>
      <Rest more={more} onMore={onMore} />
    </>
  );
}

interface CellsProps<Row> {
  columns: GridColumn<Row>[];
  row: Row;
  isGrid: boolean;
}

function Cells<Row>({ columns, row, isGrid }: CellsProps<Row>) {
  return columns.map((column) => (
    <div
      key={column.key}
      role={isGrid ? 'gridcell' : 'cell'}
      tabIndex={isGrid ? -1 : undefined}
      data-column={column.key}
      className={classes.cell}
      data-align-end={column.alignEnd || undefined}
    >
      {column.render(row)}
    </div>
  ));
}

function Rest({ more, onMore }: Pick<DataGridProps<unknown>, 'more' | 'onMore'>) {
  const { t } = useTranslation('ui');
  if (more === 'loading') {
    return (
      <div className={classes.rest} role="status">
        <Loader size="xs" aria-hidden />
        <Text size="sm" c="dimmed">
          {t('grid.loadingMore')}
        </Text>
      </div>
    );
  }
  if (more !== 'failed') return null;
  return (
    <div className={classes.rest} role="alert">
      <Text size="sm">{t('grid.moreFailed')}</Text>
      <Button size="compact-sm" variant="default" onClick={onMore}>
        {t('actions.retry')}
      </Button>
    </div>
  );
}

function LoadingRows<Row>({ columns }: { columns: GridColumn<Row>[] }) {
  const { t } = useTranslation('ui');
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    <div role="rowgroup">
      {SKELETONS.map((key, index) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        // biome-ignore lint/a11y/useFocusableInteractive: nothing to reach yet
        <div role="row" key={key} className={classes.skeleton}>
          {columns.map((column, place) => (
            // biome-ignore lint/a11y/useSemanticElements: see above
            <div role="cell" key={column.key} className={classes.cell}>
              {index === 0 && place === 0 ? (
                <span className={classes.hidden}>{t('grid.loading')}</span>
              ) : null}
              <Skeleton height={12} width={place === 0 ? '60%' : '45%'} radius="xl" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
