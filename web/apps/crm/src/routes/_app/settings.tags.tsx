/** `/settings/tags` */
import { createFileRoute } from '@tanstack/react-router';
import { TagsPage } from '@/features/metadata/components/tags-page';

export const Route = createFileRoute('/_app/settings/tags')({ component: TagsPage });
