/** `/single-sign-on/callback?code=…&state=…`: the query is taken out of the address before anything else runs. */
import { createFileRoute } from '@tanstack/react-router';
import { SingleSignOnCallback } from '@/features/auth/components/single-sign-on-callback';

export const Route = createFileRoute('/single-sign-on/callback')({
  component: () => <SingleSignOnCallback query={Route.useRouteContext().linkToken} />,
});
