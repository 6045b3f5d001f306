/** `/<objects>?sort=`: the list, with a panel or dialog over it from the routes below. */

import { createFileRoute, notFound, Outlet, rootRouteId } from '@tanstack/react-router';
import { useMemo } from 'react';
import { RecordsPage } from '../../features/records/components/records-page';
import { listed } from '../../features/records/description';
import { knownFilter } from '../../features/records/filter/filter';
import { shownFields } from '../../features/records/list-fields';
import { knownSort, recordsSearch } from '../../features/records/sort';

export const Route = createFileRoute('/_app/$path')({
  validateSearch: recordsSearch,
  beforeLoad: ({ context, params }) => {
    const object = listed(context.objects).find(({ path }) => path === params.path);
    if (object === undefined) throw notFound({ routeId: rootRouteId });
    return { object };
  },
  component: Records,
});

function Records() {
  const { sort, filter, columns } = Route.useSearch();
  const { object, session } = Route.useRouteContext();
  const known = useMemo(() => knownFilter(object, filter), [object, filter]);
  const fields = useMemo(() => shownFields(object, columns), [object, columns]);
  return (
    <>
      <RecordsPage
        key={object.path}
        object={object}
        sort={knownSort(object, sort)}
        filter={known}
        fields={fields}
        readOnly={session.state === 'ReadOnly'}
      />
      <Outlet />
    </>
  );
}
