/** `/second-factor?to=`: for whoever has none where one is demanded. */

import { place } from '@abetworks/app-kit';
import { createFileRoute, redirect } from '@tanstack/react-router';
import { z } from 'zod/mini';
import { sessionQuery } from '@/features/auth/api/session';
import { RequiredSecondFactor } from '@/features/auth/components/required-second-factor';

export const Route = createFileRoute('/second-factor')({
  validateSearch: z.object({ to: z.optional(place) }),
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.client));
    const to = search.to ?? '/';
    if (session === null) throw redirect({ to: '/sign-in', search: { to } });
    if (!session.second_factor_required) throw redirect({ href: to });
  },
  component: () => <RequiredSecondFactor to={Route.useSearch().to ?? '/'} />,
});
