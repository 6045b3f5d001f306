/** `/<objects>?sort=`: the list, with a panel or dialog over it from the routes below. */

import { useQuery } from '@tanstack/react-query';
import { createFileRoute, notFound, Outlet, redirect, rootRouteId } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type AppContext, useClient } from '@/app/context';
import { recordsQuery } from '@/features/records/api/records';
import { viewsQuery } from '@/features/records/api/views';
import { RecordsPage } from '@/features/records/components/records-page';
import { listed, type ObjectDescription } from '@/features/records/description';
import { knownFilter } from '@/features/records/filter/filter';
import { shownFields } from '@/features/records/list-fields';
import { knownSort, recordsSearch } from '@/features/records/sort';
import { ALL, isBare, isFilterLost, searchOf } from '@/features/records/views/view-search';

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
  loaderDeps: ({ search: { sort, filter, view } }) => ({ sort, filter, view }),
  loader: async ({ context, deps }) => {
    const { client, queryClient, object } = context;
    const sort = knownSort(object, deps.sort);
    // A view whose filter lost something shows nothing yet; where views cannot be read, the list is.
    const view = await viewOf(context, object, deps.view);
    if (isFilterLost(object, deps, view)) return;
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

async function viewOf(
  { queryClient, client }: AppContext,
  { name }: ObjectDescription,
  id: string | undefined,
) {
  if (id === undefined || id === ALL) return undefined;
  const views = await queryClient.ensureQueryData(viewsQuery(client, name)).catch(() => []);
  return views.find((view) => view.id === id);
}

function Records() {
  const search = Route.useSearch();
  const { sort, filter, columns } = search;
  const { object, session } = Route.useRouteContext();
  const views = useQuery(viewsQuery(useClient(), object.name)).data;
  const view = views?.find(({ id }) => id === search.view);
  const known = useMemo(() => knownFilter(object, filter), [object, filter]);
  const fields = useMemo(() => shownFields(object, columns), [object, columns]);
  return (
    <>
      <RecordsPage
        key={object.path}
        object={object}
        sort={knownSort(object, sort)}
        filter={known}
        filterLost={isFilterLost(object, search, view)}
        fields={fields}
        search={search}
        readOnly={session.state === 'ReadOnly'}
      />
      <Outlet />
    </>
  );
}
