/** `/settings/users` */
import { createFileRoute } from '@tanstack/react-router';
import { UsersPage } from '@/features/people/components/users-page';

export const Route = createFileRoute('/_app/settings/users')({ component: UsersPage });
