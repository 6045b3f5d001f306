/** `/<objects>/<id>?sort=`: a record, and the state of the list that one came from. */
import { createFileRoute, notFound, Outlet, rootRouteId } from '@tanstack/react-router';
import { useMemo } from 'react';
import { listed } from '@/features/records/description';
import { knownFilter } from '@/features/records/filter/filter';
import { RecordPage } from '@/features/records/page/record-page';
import { knownSort, recordsSearch } from '@/features/records/sort';

export const Route = createFileRoute('/_app/$path_/$recordId')({
  validateSearch: recordsSearch,
  beforeLoad: ({ context, params }) => {
    const object = listed(context.objects).find(({ path }) => path === params.path);
    if (object === undefined) throw notFound({ routeId: rootRouteId });
    return { object };
  },
  component: Details,
});

function Details() {
  const { recordId } = Route.useParams();
  const { sort, filter } = Route.useSearch();
  const { object, session } = Route.useRouteContext();
  const list = useMemo(
    () => ({ sort: knownSort(object, sort), filter: knownFilter(object, filter) }),
    [object, sort, filter],
  );
  return (
    <>
      <RecordPage
        key={recordId}
        object={object}
        recordId={recordId}
        list={list}
        readOnly={session.state === 'ReadOnly'}
      />
      <Outlet />
    </>
  );
}
