/** Everything that needs a session. */
import { createFileRoute, Outlet, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../features/session/api/session';
import { SessionFrame } from '../features/session/components/session-frame';

export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.client));
    if (session === null) throw redirect({ to: '/sign-in', search: { to: location.href } });
    return { session };
  },
  component: () => (
    <SessionFrame session={Route.useRouteContext().session}>
      <Outlet />
    </SessionFrame>
  ),
});
