/** `/settings/pipelines` */
import { createFileRoute } from '@tanstack/react-router';
import { PipelinesPage } from '@/features/metadata/components/pipelines-page';

export const Route = createFileRoute('/_app/settings/pipelines')({ component: PipelinesPage });
