/** `/sign-in?to=`: where to go after it. */
import { createFileRoute, redirect } from '@tanstack/react-router';
import { z } from 'zod/mini';
import { sessionQuery } from '../features/session/api/session';
import { SignIn } from '../features/session/components/sign-in';

/** A path of this app and nothing else: an address of another origin would make a phishing link. */
const place = z.catch(z.string().check(z.regex(/^\/(?![/\\])/)), '/');

export const Route = createFileRoute('/sign-in')({
  validateSearch: z.object({ to: z.optional(place) }),
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.client));
    if (session !== null) throw redirect({ href: search.to ?? '/' });
  },
  component: () => <SignIn to={Route.useSearch().to ?? '/'} />,
});
