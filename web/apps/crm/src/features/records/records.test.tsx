/** Accounts as a person meets them: the list's states, the form's refusals, conflicts. */
import { accountNumber, accounts, FakeBackend, handlers } from '@abetworks/testing';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { renderApp, serveInTests, server } from '@/testing/render-app';

serveInTests();

const LIST = '*/api/v1/accounts';

function problem(status: number, code: string) {
  return HttpResponse.json(
    { type: `urn:abetworks:problem:${code}`, title: code, status },
    { status },
  );
}

describe('the list', () => {
  test('shows rows with their number, in the order of the address', async () => {
    const backend = new FakeBackend({ accounts: accounts(3), signedIn: true });
    renderApp(backend, '/accounts?sort=-employees');
    await screen.findByRole('link', { name: accountNumber(3).name });
    const names = screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent);
    expect(names[0]).toContain(accountNumber(3).name);
    expect(names[2]).toContain(accountNumber(1).name);
    expect(screen.getByText('3 accounts')).toBeVisible();
    await waitFor(() => expect(document.title).toBe('Accounts · Acme Inc.'));
    expect(screen.getByRole('columnheader', { name: 'Employees' })).toHaveAttribute(
      'aria-sort',
      'descending',
    );
  });

  test('keeps only the rows in sight in the document', async () => {
    const backend = new FakeBackend({ accounts: accounts(250), signedIn: true });
    renderApp(backend, '/accounts');
    await screen.findByRole('link', { name: /Alder Energy 17/ });
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
    expect(screen.getByRole('grid')).toHaveAttribute('aria-rowcount', '251');
  });

  test('asks for the next page when its place comes near', async () => {
    const backend = new FakeBackend({ accounts: accounts(250), signedIn: true });
    renderApp(backend, '/accounts?sort=created_at');
    await screen.findByRole('link', { name: accountNumber(1).name });
    const scroller = screen.getByRole('grid').parentElement as HTMLElement;
    const scrollTo = (row: number) =>
      fireEvent.scroll(scroller, { target: { scrollTop: row * 52 } });
    scrollTo(95);
    expect(await screen.findByRole('link', { name: accountNumber(105).name })).toBeVisible();
    expect(screen.queryByRole('link', { name: accountNumber(1).name })).toBeNull();
    scrollTo(190);
    await screen.findByRole('link', { name: accountNumber(201).name });
    scrollTo(240);
    const last = await screen.findByRole('link', { name: accountNumber(250).name });
    expect(last.closest('[role=row]')).toHaveAttribute('aria-rowindex', '251');
  });

  test('reads the list again when its cursor has expired', async () => {
    const backend = new FakeBackend({ accounts: accounts(150), signedIn: true });
    const { user } = renderApp(backend, '/accounts?sort=created_at');
    server.use(
      http.get(LIST, ({ request }) =>
        new URL(request.url).searchParams.has('cursor')
          ? problem(400, 'cursor-invalid')
          : undefined,
      ),
    );
    await screen.findByRole('link', { name: accountNumber(1).name });
    const scroller = screen.getByRole('grid').parentElement as HTMLElement;
    fireEvent.scroll(scroller, { target: { scrollTop: 95 * 52 } });
    expect(await screen.findByText('The next rows could not be loaded.')).toBeVisible();
    server.resetHandlers(...handlers(backend, '*'));
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: accountNumber(105).name })).toBeVisible();
  });

  test('changes the order by a column and remembers it in the address', async () => {
    const backend = new FakeBackend({ accounts: accounts(3), signedIn: true });
    const { router, user } = renderApp(backend, '/accounts');
    await user.click(await screen.findByRole('button', { name: 'Employees' }));
    await waitFor(() => expect(router.state.location.search).toEqual({ sort: 'employees' }));
    await user.click(screen.getByRole('button', { name: 'Employees' }));
    await waitFor(() => expect(router.state.location.search).toEqual({ sort: '-employees' }));
  });

  test('says how to begin when there is nothing', async () => {
    renderApp(new FakeBackend({ signedIn: true }), '/accounts');
    expect(await screen.findByRole('heading', { name: 'No accounts yet' })).toBeVisible();
  });

  test('says that it is not allowed', async () => {
    const backend = new FakeBackend({ signedIn: true });
    renderApp(backend, '/accounts');
    server.use(http.get(LIST, () => problem(403, 'forbidden')));
    expect(await screen.findByRole('heading', { name: 'You may not see accounts' })).toBeVisible();
  });

  test('recovers from a failure when asked to', async () => {
    const backend = new FakeBackend({ accounts: accounts(1), signedIn: true });
    const { user } = renderApp(backend, '/accounts');
    server.use(http.get(LIST, () => problem(500, 'internal'), { once: true }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Something went wrong on our side');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: accountNumber(1).name })).toBeVisible();
  });

  test('offers no changes while the organisation is read-only', async () => {
    const backend = new FakeBackend({ accounts: accounts(1), signedIn: true, state: 'ReadOnly' });
    renderApp(backend, `/accounts/${accountNumber(1).id}/edit`);
    const panel = await screen.findByRole('dialog', { name: accountNumber(1).name });
    expect(within(panel).getByLabelText('Name', { exact: false })).toHaveAttribute('readonly');
    expect(within(panel).queryByRole('button', { name: 'Save' })).toBeNull();
    expect(screen.queryByText('New account')).toBeNull();
    expect(screen.queryByText('Export')).toBeNull();
    expect(screen.getByText(/read-only at the moment/)).toBeVisible();
  });
});

describe('the form', () => {
  test('creates an account and shows it', async () => {
    const backend = new FakeBackend({ signedIn: true });
    const { user, router } = renderApp(backend, '/accounts/new');
    const panel = await screen.findByRole('dialog', { name: 'New account' });
    await user.type(within(panel).getByLabelText(/^Name/), 'Cobalt Works');
    await user.type(within(panel).getByLabelText('Employees'), '12');
    await user.click(within(panel).getByRole('button', { name: 'Save' }));
    expect(await screen.findByRole('link', { name: 'Cobalt Works' })).toBeVisible();
    expect(router.state.location.pathname).toBe('/accounts');
    expect(backend.accounts[0]).toMatchObject({ name: 'Cobalt Works', employees: 12, phone: null });
  });

  test('shows refusals at their fields and keeps what was typed', async () => {
    const { user } = renderApp(new FakeBackend({ signedIn: true }), '/accounts/new');
    const panel = await screen.findByRole('dialog', { name: 'New account' });
    const website = within(panel).getByLabelText('Website');
    await user.type(website, 'nowhere');
    await user.click(within(panel).getByRole('button', { name: 'Save' }));
    const name = within(panel).getByLabelText(/^Name/);
    await waitFor(() => expect(name).toHaveAccessibleDescription('Please fill this in.'));
    expect(name).toHaveFocus();
    expect(website).toHaveAccessibleDescription(/web address/);
    expect(website).toHaveValue('nowhere');
  });

  test('sends only what was changed', async () => {
    const backend = new FakeBackend({ accounts: accounts(1), signedIn: true });
    const { user } = renderApp(backend, `/accounts/${accountNumber(1).id}/edit`);
    const phone = await screen.findByLabelText('Phone');
    backend.accounts = [{ ...accountNumber(1), industry: 'Changed elsewhere' }];
    await user.clear(phone);
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(backend.accounts[0]?.version).toBe(2));
    expect(backend.accounts[0]).toMatchObject({ phone: null, industry: 'Changed elsewhere' });
  });

  test('tells of a change by someone else and puts what was typed over it', async () => {
    const backend = new FakeBackend({ accounts: accounts(1), signedIn: true });
    const { user } = renderApp(backend, `/accounts/${accountNumber(1).id}/edit`);
    const name = await screen.findByLabelText(/^Name/);
    backend.update(accountNumber(1).id, { phone: '0 30 1' });
    await user.clear(name);
    await user.type(name, 'Mine');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Changed by someone else')).toBeVisible();
    expect(screen.getByText(/someone changed: Phone/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Save my changes as well' }));
    await waitFor(() => expect(backend.accounts[0]?.name).toBe('Mine'));
    expect(backend.accounts[0]?.phone, 'what only they changed stays').toBe('0 30 1');
  });

  test('deletes after asking, and not without', async () => {
    const backend = new FakeBackend({ accounts: accounts(1), signedIn: true });
    const { user } = renderApp(backend, `/accounts/${accountNumber(1).id}`);
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    const question = await screen.findByRole('dialog', { name: 'Delete this account?' });
    expect(backend.accounts).toHaveLength(1);
    await user.click(within(question).getByRole('button', { name: 'Delete account' }));
    expect(await screen.findByRole('heading', { name: 'No accounts yet' })).toBeVisible();
    expect(backend.accounts).toHaveLength(0);
  });
});
