/** Between a saved view and the address of a list, which always says all that the list shows. Pure. */
import type { View, ViewInput } from '../api/views';
import type { ObjectDescription } from '../description';
import { type ListFilter, listFilter } from '../filter/filter';
import { defaultSort } from '../sort';

/** In the address: all records, whatever view one begins with. */
export const ALL = 'all';

export interface ListSearch {
  view?: string | undefined;
  filter?: ListFilter | undefined;
  sort?: string | undefined;
  columns?: string | undefined;
}

export function searchOf(view: View): ListSearch {
  const filter = listFilter.safeParse(view.filter);
  return {
    view: view.id,
    ...(filter.success ? { filter: filter.data } : {}),
    ...(view.sort === null ? {} : { sort: view.sort }),
    ...(view.columns.length === 0 ? {} : { columns: view.columns.join() }),
  };
}

/** What a view keeps of a list as it stands. */
export function keptOf({ filter, sort, columns }: ListSearch): ViewInput {
  return {
    filter: (filter as Record<string, unknown> | undefined) ?? null,
    sort: sort ?? null,
    columns: columns === undefined || columns === '' ? [] : columns.split(','),
  };
}

export function isChanged(object: ObjectDescription, view: View, search: ListSearch): boolean {
  const kept = (of: ListSearch) => {
    const { filter, sort, columns } = keptOf(of);
    // The list's own order is the same whether it is named or not.
    return JSON.stringify([filter, sort ?? defaultSort(object), columns]);
  };
  return kept(searchOf(view)) !== kept(search);
}

/** The address says nothing of what to show. */
export function isBare({ view, filter, sort, columns }: ListSearch): boolean {
  return [view, filter, sort, columns].every((part) => part === undefined);
}
