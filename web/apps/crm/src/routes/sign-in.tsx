/** `/sign-in?to=`: where to go after it. */

import { place } from '@abetworks/app-kit';
import { createFileRoute, redirect, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { z } from 'zod/mini';
import { sessionQuery } from '@/features/auth/api/session';
import { SignIn } from '@/features/auth/components/sign-in';
import { preloadApp } from '@/features/frame/preload-app';

export const Route = createFileRoute('/sign-in')({
  validateSearch: z.object({ to: z.optional(place) }),
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.client));
    if (session !== null) throw redirect({ href: search.to ?? '/' });
  },
  component: SignInPage,
});

function SignInPage() {
  const router = useRouter();
  useEffect(() => preloadApp(router), [router]);
  return <SignIn to={Route.useSearch().to ?? '/'} />;
}
