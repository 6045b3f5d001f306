/** `/accounts?sort=`: the list, with a panel or dialog over it from the routes below. */
import { createFileRoute, Outlet } from '@tanstack/react-router';
import { AccountsPage } from '../../features/accounts/components/accounts-page';
import { accountsSearch, DEFAULT_SORT } from '../../features/accounts/sort';

export const Route = createFileRoute('/_app/accounts')({
  validateSearch: accountsSearch,
  component: Accounts,
});

function Accounts() {
  const { sort } = Route.useSearch();
  const { session } = Route.useRouteContext();
  return (
    <>
      <AccountsPage sort={sort ?? DEFAULT_SORT} readOnly={session.state === 'ReadOnly'} />
      <Outlet />
    </>
  );
}
