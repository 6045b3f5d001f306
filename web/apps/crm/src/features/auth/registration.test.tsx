/** Registering without an invitation, and who lets people do so. */
import { FakeBackend } from '@abetworks/testing';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp, serveInTests } from '@/testing/render-app';

serveInTests();

test('registration is not offered where it is closed', async () => {
  renderApp(new FakeBackend({ signedIn: false }), '/sign-in');
  await screen.findByRole('link', { name: 'Forgot your password?' });
  expect(screen.queryByRole('link', { name: 'Register' })).toBeNull();
});

test('a link to register is asked for where that is allowed', async () => {
  const backend = new FakeBackend({ signedIn: false });
  backend.organisation = { ...backend.organisation, registration: true };
  const { user } = renderApp(backend, '/sign-in');
  await user.click(await screen.findByRole('link', { name: 'Register' }));
  await user.type(await screen.findByLabelText('E-mail'), 'new@example.com');
  await user.click(screen.getByRole('button', { name: 'Send me a link' }));
  expect(await screen.findByRole('status')).toHaveTextContent('new@example.com');
  expect(backend.people.registrationAsked).toEqual(['new@example.com']);
});

test('it is said when registration was closed meanwhile', async () => {
  const { user } = renderApp(new FakeBackend({ signedIn: false }), '/register');
  await user.type(await screen.findByLabelText('E-mail'), 'new@example.com');
  await user.click(screen.getByRole('button', { name: 'Send me a link' }));
  expect(await screen.findByText(/Nobody can register here at the moment/)).toBeVisible();
});

test('an admin sets the timezone and the domains whose people may register', async () => {
  const backend = new FakeBackend({ signedIn: true });
  const { user } = renderApp(backend, '/settings/organisation');
  await user.selectOptions(await screen.findByLabelText('Timezone'), 'Europe/Berlin');
  await user.selectOptions(screen.getByLabelText('First day of the week'), 'Sunday');
  const [saveOrganisation] = screen.getAllByRole('button', { name: 'Save' });
  if (saveOrganisation === undefined) throw new Error('no button');
  await user.click(saveOrganisation);
  await expect.poll(() => backend.people.settings.timezone).toBe('Europe/Berlin');
  expect(backend.people.settings.week_start).toBe(7);

  await user.type(await screen.findByLabelText('Domains'), 'example.com{Enter}example.org');
  const save = () => {
    const button = screen.getAllByRole('button', { name: 'Save' })[1];
    if (button === undefined) throw new Error('no button');
    return button;
  };
  await user.click(save());
  expect(await screen.findByText('Please fill this in.')).toBeVisible();
  const [role] = backend.people.roles.filter(({ key }) => key !== 'admin');
  await user.selectOptions(screen.getByLabelText('Role of who registers'), role?.name ?? '');
  await user.click(save());
  await expect
    .poll(() => backend.people.rules)
    .toEqual({
      version: 2,
      registration_domains: ['example.com', 'example.org'],
      registration_role_id: role?.id,
      second_factor_required: false,
    });
});

test('the currency stays once there are amounts', async () => {
  const backend = new FakeBackend({ signedIn: true });
  const { user } = renderApp(backend, '/settings/organisation');
  await user.selectOptions(await screen.findByLabelText('Currency'), 'CHF');
  const [save] = screen.getAllByRole('button', { name: 'Save' });
  if (save === undefined) throw new Error('no button');
  await user.click(save);
  expect(await screen.findByText(/so the currency stays/)).toBeVisible();
});
