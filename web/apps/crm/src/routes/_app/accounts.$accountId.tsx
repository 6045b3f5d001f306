/** `/accounts/<id>` */
import { createFileRoute } from '@tanstack/react-router';
import { EditAccount } from '../../features/accounts/components/edit-account';

export const Route = createFileRoute('/_app/accounts/$accountId')({ component: Edit });

function Edit() {
  const { accountId } = Route.useParams();
  const { session } = Route.useRouteContext();
  return (
    <EditAccount key={accountId} accountId={accountId} readOnly={session.state === 'ReadOnly'} />
  );
}
