/** `/confirm#<token>`: whoever registers goes on like somebody who was invited. */
import { createFileRoute } from '@tanstack/react-router';
import { AcceptInvitation } from '@/features/auth/components/accept-invitation';

export const Route = createFileRoute('/confirm')({
  component: () => <AcceptInvitation token={Route.useRouteContext().linkToken} />,
});
