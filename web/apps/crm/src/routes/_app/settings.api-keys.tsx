/** `/settings/api-keys` */
import { createFileRoute } from '@tanstack/react-router';
import { ApiKeysPage } from '@/features/auth/components/api-keys-page';

export const Route = createFileRoute('/_app/settings/api-keys')({ component: ApiKeysPage });
