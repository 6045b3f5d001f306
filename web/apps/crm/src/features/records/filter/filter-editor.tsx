/** The drawer in which a list's filter is built, fetched when it is first opened. All in the address. */
import { lazy, Suspense } from 'react';
import type { ObjectDescription } from '../description';
import type { ListFilter } from './filter';
import { useChangeFilter } from './use-change-filter';

const FilterDrawer = lazy(async () => ({
  default: (await import('./filter-drawer')).FilterDrawer,
}));

interface FilterEditorProps {
  object: ObjectDescription;
  filter: ListFilter | undefined;
  onClose: () => void;
}

export function FilterEditor({ object, filter, onClose }: FilterEditorProps) {
  const change = useChangeFilter(object);
  return (
    <Suspense>
      <FilterDrawer
        object={object}
        filter={filter}
        onClose={onClose}
        onApply={(next) => {
          change(() => next);
          onClose();
        }}
      />
    </Suspense>
  );
}
