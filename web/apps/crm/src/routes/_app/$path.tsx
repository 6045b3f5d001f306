/** `/<objects>?sort=`: the list, with a panel or dialog over it from the routes below. */

import { createFileRoute, notFound, Outlet, redirect, rootRouteId } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { AppContext } from '@/app/context';
import { recordsQuery } from '@/features/records/api/records';
import { viewsQuery } from '@/features/records/api/views';
import { RecordsPage } from '@/features/records/components/records-page';
import { listed, type ObjectDescription } from '@/features/records/description';
import { knownFilter } from '@/features/records/filter/filter';
import { shownFields } from '@/features/records/list-fields';
import { knownSort, recordsSearch } from '@/features/records/sort';
import { isBare, searchOf } from '@/features/records/views/view-search';

/** Milliseconds for which a list comes sooner whole than with places of its rows first. */
const PATIENCE = 100;

export const Route = createFileRoute('/_app/$path')({
  validateSearch: recordsSearch,
  beforeLoad: async ({ context, params, search, location }) => {
    const object = listed(context.objects).find(({ path }) => path === params.path);
    if (object === undefined) throw notFound({ routeId: rootRouteId });
    if (isBare(search) && location.pathname === `/${object.path}`) {
      const first = await defaultView(context, object);
      if (first !== undefined) {
        throw redirect({ to: '/$path', params, search: searchOf(first), replace: true });
      }
    }
    return { object };
  },
  loaderDeps: ({ search: { sort, filter } }) => ({ sort, filter }),
  loader: async ({ context: { client, queryClient, object }, deps }) => {
    const sort = knownSort(object, deps.sort);
    const filter = knownFilter(object, deps.filter);
    // The page says what is wrong with it, and shows places of rows where it takes longer.
    const list = queryClient.prefetchInfiniteQuery(recordsQuery(client, object.path, sort, filter));
    await Promise.race([list, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  },
  component: Records,
});

/** What one begins with. A list is shown also where its views could not be read. */
async function defaultView({ client, queryClient }: AppContext, { name }: ObjectDescription) {
  const views = await queryClient.ensureQueryData(viewsQuery(client, name)).catch(() => []);
  return views.find(({ is_default }) => is_default);
}

function Records() {
  const search = Route.useSearch();
  const { sort, filter, columns } = search;
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
        search={search}
        readOnly={session.state === 'ReadOnly'}
      />
      <Outlet />
    </>
  );
}
