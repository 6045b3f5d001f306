/** What a data grid shows of a row, and by what the rows are in order. */
import type { ReactNode } from 'react';

export interface GridColumn<Row> {
  key: string;
  label: string;
  /** A track of CSS grid. */
  width: string;
  sortable?: boolean;
  alignEnd?: boolean;
  render: (row: Row) => ReactNode;
}

export interface GridSort {
  key: string;
  descending: boolean;
}
