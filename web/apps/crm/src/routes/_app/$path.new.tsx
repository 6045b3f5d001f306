/** `/<objects>/new` */
import { createFileRoute } from '@tanstack/react-router';
import { CreateRecord } from '@/features/records/components/create-record';

export const Route = createFileRoute('/_app/$path/new')({ component: Create });

function Create() {
  const { object } = Route.useRouteContext();
  return <CreateRecord key={object.path} object={object} />;
}
