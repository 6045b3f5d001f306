/** `/settings/trash` */
import { createFileRoute } from '@tanstack/react-router';
import { TrashPage } from '@/features/records/components/trash-page';

export const Route = createFileRoute('/_app/settings/trash')({ component: TrashPage });
