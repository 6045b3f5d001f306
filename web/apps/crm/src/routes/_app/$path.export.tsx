/** `/<objects>/export` */
import { createFileRoute } from '@tanstack/react-router';
import { ExportDialog } from '@/features/exports/components/export-dialog';

export const Route = createFileRoute('/_app/$path/export')({ component: Export });

function Export() {
  const { object } = Route.useRouteContext();
  return <ExportDialog object={object} />;
}
