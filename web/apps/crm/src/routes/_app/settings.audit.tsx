/** `/settings/audit` */
import { createFileRoute } from '@tanstack/react-router';
import { AuditPage } from '@/features/settings/components/audit-page';

export const Route = createFileRoute('/_app/settings/audit')({ component: AuditPage });
