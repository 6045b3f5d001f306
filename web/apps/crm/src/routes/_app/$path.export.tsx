/** `/<objects>/export?filter=`: a file of what the list below it shows. */
import { createFileRoute } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ExportDialog } from '@/features/exports/components/export-dialog';
import { knownFilter } from '@/features/records/filter/filter';
import { shownFields } from '@/features/records/list-fields';
import { knownSort } from '@/features/records/sort';

export const Route = createFileRoute('/_app/$path/export')({ component: Export });

function Export() {
  const { object } = Route.useRouteContext();
  const { filter, sort, columns } = Route.useSearch();
  const list = useMemo(
    () => ({
      filter: knownFilter(object, filter),
      sort: knownSort(object, sort),
      fields: shownFields(object, columns),
    }),
    [object, filter, sort, columns],
  );
  return <ExportDialog object={object} list={list} />;
}
