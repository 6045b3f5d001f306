/** `/settings/teams` */
import { createFileRoute } from '@tanstack/react-router';
import { TeamsPage } from '@/features/people/components/teams-page';

export const Route = createFileRoute('/_app/settings/teams')({ component: TeamsPage });
