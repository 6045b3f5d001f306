/** `/<objects>/<id>/edit`: all of a record's fields at once, over its page. */
import { createFileRoute } from '@tanstack/react-router';
import { EditRecord } from '@/features/records/components/edit-record';

export const Route = createFileRoute('/_app/$path_/$recordId/edit')({ component: Edit });

function Edit() {
  const { recordId } = Route.useParams();
  const { object, session } = Route.useRouteContext();
  return (
    <EditRecord
      key={recordId}
      object={object}
      recordId={recordId}
      readOnly={session.state === 'ReadOnly'}
    />
  );
}
