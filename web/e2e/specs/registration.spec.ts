/**
 * Registering without an invitation: an admin allows a domain, whoever has an address of it gets a
 * mail and comes in by its link. Signs in as an administrator of its own, or as the person that
 * `PERSON_EMAIL` and `PERSON_PASSWORD` name.
 */
import type { Page } from '@playwright/test';
import { HAS_MAILS, linkIn, mailsTo } from '../mails';
import { asOwnAdministrator, IS_FAKE } from '../people';
import {
  createAccount,
  expectAccessibleInBoth,
  openAccounts,
  openUserMenu,
  person,
  signIn,
} from '../person';
import { expect, test } from '../watched';

asOwnAdministrator();

// The tests build on each other.
test.describe.configure({ mode: 'serial' });

const run = Date.now().toString(36);
const DOMAIN = `${run}.example.com`;
const GUEST = { email: `grace@${DOMAIN}`, name: 'Grace Hopper' };
const STRANGER = `eve@not-${DOMAIN}`;
/** The backend in memory has no other. */
const ROLE = IS_FAKE ? 'Member' : 'Viewer';

/** Asks for a link; gives what the page says, without the address. */
async function askToRegister(page: Page, email: string): Promise<string> {
  await page.goto('/register');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  const said = page.getByRole('status').filter({ hasText: email });
  await expect(said).toBeVisible();
  return (await said.innerText()).replace(email, '…');
}

async function allow(page: Page, domains: string, role: string): Promise<void> {
  await page.goto('/settings/organisation');
  const card = page.locator('form').filter({ has: page.getByLabel('Domains') });
  await card.getByLabel('Domains').fill(domains);
  await card.getByLabel('Role of who registers').selectOption(role);
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
}

test('who may register is set by an admin, and every address is answered alike', async ({
  page,
}) => {
  await test.step('allowed', async () => {
    await page.goto('/');
    await signIn(page);
    await createAccount(page, `Seen by all ${run}`);
    await allow(page, DOMAIN, ROLE);
    await openUserMenu(page);
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Register' }).click();
    await expect(page.getByRole('heading', { name: 'Register' })).toBeVisible();
    await expectAccessibleInBoth(page, 'registration');
  });

  await test.step('answered alike', async () => {
    // In this order: mails leave one after the other, so a mail for the stranger would come first.
    const [unknown, known] = [
      await askToRegister(page, STRANGER),
      await askToRegister(page, GUEST.email),
    ];
    expect(known).toBe(unknown);
    await expectAccessibleInBoth(page, 'registration, after asking');
  });
});

test('the mail leads into the app with the rights of the role, and the stranger gets none', async ({
  page,
  watched,
}) => {
  test.skip(!HAS_MAILS, 'no mail server: MAILS_COMMAND is not set');
  await page.goto('/sign-in');
  const origin = new URL(page.url()).origin;
  await expect.poll(() => mailsTo(GUEST.email), { timeout: 30_000 }).toHaveLength(1);
  expect(await mailsTo(STRANGER)).toEqual([]);
  const [mail] = await mailsTo(GUEST.email);
  if (mail === undefined) throw new Error('the mail is gone');
  const link = linkIn(mail);
  expect(link).toMatch(new RegExp(`^${origin}/confirm#`));

  await test.step('a password', async () => {
    await page.goto(link);
    await expect(page.getByRole('heading', { name: /^Join / })).toBeVisible();
    expect(new URL(page.url()).hash, 'the token stays out of the address').toBe('');
    await expect(page.getByLabel('E-mail')).toHaveValue(GUEST.email);
    await expectAccessibleInBoth(page, 'confirmation of a registration');
    await page.getByLabel('Your name').fill(GUEST.name);
    await page.getByLabel('New password').fill(person.password);
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await expect(page.getByRole('heading', { name: /^Hello/ })).toBeVisible();
  });

  await test.step('the rights', async () => {
    await openAccounts(page);
    // A viewer: reads what others have made, and changes nothing.
    await expect(page.getByRole('row').getByRole('link').first()).toBeVisible();
    await expect(page.getByRole('link', { name: 'New account' })).toBeHidden();
    await expect(page.getByRole('link', { name: 'Export' })).toBeHidden();
    watched.allow(403, '/accounts');
    const answer = await page.evaluate(async () => {
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ name: 'Not by a viewer' });
      return (await fetch('/api/v1/accounts', { method: 'POST', headers, body })).status;
    });
    expect(answer).toBe(403);
    await page.goto('/settings');
    await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Organisation' })).toBeHidden();
    await expect(page.getByRole('link', { name: 'Users' })).toBeHidden();
  });

  await test.step('the link works once', async () => {
    watched.allow(410, '/invitations/check');
    await page.goto(link);
    await expect(page.getByRole('alert')).toContainText('has been used');
  });
});

test('once no domain is allowed, nobody registers', async ({ page, watched }) => {
  watched.allow(409, '/registrations');
  await page.goto('/');
  await signIn(page);
  await allow(page, '', ROLE);
  await openUserMenu(page);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.goto('/register');
  await page.getByLabel('E-mail').fill(`late@${DOMAIN}`);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await expect(page.getByText(/Nobody can register here at the moment/)).toBeVisible();
  await page.getByRole('link', { name: 'Back to sign-in' }).click();
  await expect(page.getByRole('link', { name: 'Forgot your password?' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Register' })).toBeHidden();
});
