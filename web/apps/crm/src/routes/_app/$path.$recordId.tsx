/** `/<objects>/<id>` */
import { createFileRoute } from '@tanstack/react-router';
import { EditRecord } from '@/features/records/components/edit-record';

export const Route = createFileRoute('/_app/$path/$recordId')({ component: Edit });

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
