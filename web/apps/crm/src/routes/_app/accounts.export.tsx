/** `/accounts/export` */
import { createFileRoute } from '@tanstack/react-router';
import { ExportDialog } from '../../features/exports/components/export-dialog';

export const Route = createFileRoute('/_app/accounts/export')({ component: ExportDialog });
