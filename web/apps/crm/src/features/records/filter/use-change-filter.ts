/** Changes the filter that the address has at that moment, in its place: somebody may be faster than the page. */
import { useNavigate } from '@tanstack/react-router';
import type { ObjectDescription } from '../description';
import type { ListSearch } from '../views/view-search';
import { knownFilter, type ListFilter } from './filter';

export type FilterChange = (filter: ListFilter | undefined) => ListFilter | undefined;

export function useChangeFilter(object: ObjectDescription) {
  const navigate = useNavigate();
  return (next: FilterChange) =>
    void navigate({
      to: '.',
      replace: true,
      search: (search: ListSearch) => ({
        ...search,
        filter: next(knownFilter(object, search.filter)),
      }),
    });
}
