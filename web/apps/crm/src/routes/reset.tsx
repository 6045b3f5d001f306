/** `/reset#<token>`: the fragment is taken at the page's start, before the router exists. */
import { createFileRoute } from '@tanstack/react-router';
import { ResetPassword } from '@/features/auth/components/reset-password';

export const Route = createFileRoute('/reset')({
  component: () => <ResetPassword token={Route.useRouteContext().linkToken} />,
});
