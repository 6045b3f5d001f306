/** Everything that needs a session. */
import { createFileRoute, Outlet, redirect } from '@tanstack/react-router';
import { objectsQuery } from '@/features/records/api/objects';
import { listed } from '@/features/records/description';
import { sessionQuery } from '@/features/session/api/session';
import { SessionFrame } from '@/features/session/components/session-frame';
import { preferWords } from '@/features/session/use-preferences';
import { profileQuery } from '@/features/settings/api/profile';

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
