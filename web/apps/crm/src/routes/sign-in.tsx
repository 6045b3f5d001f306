/** `/sign-in?to=`: where to go after it. */

import { place } from '@abetworks/app-kit';
import { createFileRoute, redirect } from '@tanstack/react-router';
import { z } from 'zod/mini';
import { sessionQuery } from '@/features/session/api/session';
import { SignIn } from '@/features/session/components/sign-in';

export const Route = createFileRoute('/sign-in')({
  validateSearch: z.object({ to: z.optional(place) }),
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.client));
    if (session !== null) throw redirect({ href: search.to ?? '/' });
  },
  component: () => <SignIn to={Route.useSearch().to ?? '/'} />,
});
