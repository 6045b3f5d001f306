/** `/<objects>/<id>/details` */
import { createFileRoute, notFound, rootRouteId } from '@tanstack/react-router';
import { listed } from '../../features/records/description';
import { RecordPage } from '../../features/records/page/record-page';

export const Route = createFileRoute('/_app/$path_/$recordId/details')({
  beforeLoad: ({ context, params }) => {
    const object = listed(context.objects).find(({ path }) => path === params.path);
    if (object === undefined) throw notFound({ routeId: rootRouteId });
    return { object };
  },
  component: Details,
});

function Details() {
  const { recordId } = Route.useParams();
  const { object, session } = Route.useRouteContext();
  return (
    <RecordPage
      key={recordId}
      object={object}
      recordId={recordId}
      readOnly={session.state === 'ReadOnly'}
    />
  );
}
