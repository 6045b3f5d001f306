/** Signing in with the organisation's own provider, and setting it up. */
import { FakeBackend } from '@abetworks/testing';
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

const ISSUER = 'https://id.example.com';

function offering(passwords: boolean, label = '') {
  const backend = new FakeBackend({ signedIn: false });
  backend.organisation = { ...backend.organisation, single_sign_on: { label, passwords } };
  return backend;
}

test('it is offered where the organisation has a provider', async () => {
  renderApp(new FakeBackend({ signedIn: false }), '/sign-in');
  await screen.findByLabelText('Password');
  expect(screen.queryByRole('button', { name: /organisation/ })).toBeNull();
});

test('the button leads to the provider, and the way back to where one was', async () => {
  const assign = vi.spyOn(window.location, 'assign').mockImplementation(() => undefined);
  const { user } = renderApp(offering(false, 'Acme account'), '/sign-in?to=/accounts');
  await user.click(await screen.findByRole('button', { name: 'Acme account' }));
  await expect.poll(() => assign.mock.calls).toEqual([[ISSUER]]);
  expect(screen.getByText('for administrators')).toBeVisible();
  assign.mockRestore();

  const back = 'code=code-of-ada&state=state-of-ada';
  const { router } = renderApp(offering(false), '/single-sign-on/callback', back);
  await expect.poll(() => router.state.location.pathname).toBe('/accounts');
});

test('what went wrong at the provider or after it is said in words', async () => {
  const open = (query: string) => renderApp(offering(true), '/single-sign-on/callback', query);
  open('error=access_denied&error_description=Call%20me%20at%20555');
  expect(await screen.findByText(/refused, or you went back/)).toBeVisible();
  expect(screen.queryByText(/555/)).toBeNull();
});

test('a code that the provider takes back signs nobody in', async () => {
  const wrong = 'code=another&state=state-of-ada';
  renderApp(offering(true), '/single-sign-on/callback', wrong);
  expect(await screen.findByText(/sign-in service refused/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'Back to sign-in' })).toBeVisible();
});

test('a page that was opened without an answer says so', async () => {
  renderApp(offering(true), '/single-sign-on/callback');
  expect(await screen.findByText(/nothing that could be used/)).toBeVisible();
});

test('an admin sets the provider and what its groups give', async () => {
  const backend = new FakeBackend({ signedIn: true });
  const { user } = renderApp(backend, '/settings/organisation');
  const issuer = await screen.findByLabelText('Issuer');
  const card = within(issuer.closest('form') as HTMLElement);
  const save = () => user.click(card.getByRole('button', { name: 'Save' }));
  await user.click(card.getByLabelText('People may sign in with it'));
  await user.type(issuer, `${ISSUER}/`);
  await user.type(card.getByLabelText('Client ID'), 'crm');
  await user.type(card.getByLabelText('Client secret'), 'hush');
  await save();
  expect(await card.findByText(`The provider calls itself ${ISSUER}.`)).toBeVisible();

  await user.clear(issuer);
  await user.type(issuer, ISSUER);
  await user.type(card.getByLabelText('Claim with the groups'), 'groups');
  await user.click(card.getByRole('button', { name: 'Add a group' }));
  await user.type(card.getByLabelText('Group 1'), 'sales');
  const [role] = backend.people.roles.filter(({ key }) => key !== 'admin');
  await user.selectOptions(card.getByLabelText('Role of group 1'), role?.name ?? '');
  await save();
  await expect
    .poll(() => backend.people.singleSignOn)
    .toMatchObject({
      version: 2,
      enabled: true,
      issuer: ISSUER,
      client_id: 'crm',
      has_client_secret: true,
      groups_claim: 'groups',
      group_roles: [{ group: 'sales', role_id: role?.id }],
    });
});
