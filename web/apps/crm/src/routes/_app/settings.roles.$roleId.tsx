/** `/settings/roles/<id>` */
import { createFileRoute } from '@tanstack/react-router';
import { RolePage } from '@/features/access/components/role-page';

export const Route = createFileRoute('/_app/settings/roles/$roleId')({
  component: () => {
    const { roleId } = Route.useParams();
    return <RolePage key={roleId} roleId={roleId} />;
  },
});
