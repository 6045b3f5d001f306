/** Between a saved view and the address of a list, which always says all that the list shows. Pure. */
import type { View, ViewInput } from '../api/views';
import type { ObjectDescription } from '../description';
import { knownFilter, type ListFilter, listFilter, termCount } from '../filter/filter';
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

/** What a view that is there keeps of a list as it stands: what one may not see of it stays. */
export function keptIn(view: View, search: ListSearch): ViewInput {
  const { filter, ...others } = keptOf(search);
  const isUnseen = view.hidden.includes('filter') && search.filter === undefined;
  return isUnseen ? others : { filter: filter ?? null, ...others };
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

/**
 * Whether something is missing from the filter that was meant: a field or an option that is no more, or
 * that one may not see. Without it the list would show more than was asked for.
 */
export function isFilterLost(
  object: ObjectDescription,
  { filter }: ListSearch,
  view: View | undefined,
): boolean {
  if (filter === undefined) return view?.hidden.includes('filter') ?? false;
  return termCount(knownFilter(object, filter)?.where) !== termCount(filter.where);
}

/** The address says nothing of what to show. */
export function isBare({ view, filter, sort, columns }: ListSearch): boolean {
  return [view, filter, sort, columns].every((part) => part === undefined);
}
