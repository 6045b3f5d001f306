/** `/settings/fields?object=` */
import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod/mini';
import { FieldsPage } from '@/features/metadata/components/fields-page';

export const Route = createFileRoute('/_app/settings/fields')({
  validateSearch: z.object({ object: z.catch(z.optional(z.string()), undefined) }),
  component: Fields,
});

function Fields() {
  return <FieldsPage chosen={Route.useSearch().object} />;
}
