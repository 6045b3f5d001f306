/** `/settings/trash` */
import { createFileRoute } from '@tanstack/react-router';
import { TrashPage } from '@/features/settings/components/trash-page';

export const Route = createFileRoute('/_app/settings/trash')({ component: TrashPage });
