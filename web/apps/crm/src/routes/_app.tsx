/** Everything that needs a session. */
import { createFileRoute, Outlet, redirect } from '@tanstack/react-router';
import { sessionQuery } from '@/features/auth/api/session';
import { SessionFrame } from '@/features/frame/components/session-frame';
import { profileQuery } from '@/features/people/api/profile';
import { preferWords } from '@/features/people/use-preferences';
import { objectsQuery } from '@/features/records/api/objects';
import { listed } from '@/features/records/description';

export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.client));
    if (session === null) throw redirect({ to: '/sign-in', search: { to: location.href } });
    if (session.second_factor_required) {
      throw redirect({ to: '/second-factor', search: { to: location.href } });
    }
    const [objects, profile] = await Promise.all([
      context.queryClient.ensureQueryData(objectsQuery(context.client)),
      context.queryClient.ensureQueryData(profileQuery(context.client)),
    ]);
    await preferWords(profile);
    return { session, objects };
  },
  component: Frame,
});

function Frame() {
  const { session, objects } = Route.useRouteContext();
  return (
    <SessionFrame session={session} objects={listed(objects)}>
      <Outlet />
    </SessionFrame>
  );
}
