/** `/home` */
import { createFileRoute } from '@tanstack/react-router';
import { HomePage } from '@/features/home/home-page';

export const Route = createFileRoute('/_app/home')({ component: Home });

function Home() {
  const { session } = Route.useRouteContext();
  return <HomePage name={session.user.name} readOnly={session.state === 'ReadOnly'} />;
}
