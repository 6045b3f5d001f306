/** `/invite#<token>`: the fragment is taken at the page's start, before the router exists. */
import { createFileRoute } from '@tanstack/react-router';
import { AcceptInvitation } from '@/features/auth/components/accept-invitation';

export const Route = createFileRoute('/invite')({
  component: () => <AcceptInvitation token={Route.useRouteContext().linkToken} />,
});
