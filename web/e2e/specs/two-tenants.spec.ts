/**
 * Two customers on one platform, used at once by people of the same names: what one has, the other has
 * not. `SECOND_BASE_URL` and `SECOND_INVITATION_URL` are as `BASE_URL` and `INVITATION_URL`, of
 * another tenant. In the first one signs in as an administrator of its own, or as the person that
 * `PERSON_EMAIL` and `PERSON_PASSWORD` name.
 */
import type { Browser, Cookie, Page } from '@playwright/test';
import { accept, asOwnAdministrator, invitation } from '../people';
import { createAccount, openForm, openUserMenu, person, signIn } from '../person';
import { expect, test } from '../watched';

asOwnAdministrator();

const SECOND = process.env.SECOND_BASE_URL;
const run = Date.now().toString(36);
const TWIN = { email: `twin-${run}@example.com`, name: 'Tessa Twin' };
const [ROLE, ACCOUNT] = [`Same role ${run}`, `Same name ${run}`];
const SESSION = '__Host-session';

/** A page of the tenant that is open. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href);
}

/** By an admin on the page: the twins' role, in which this is seen of accounts, and an invitation with it. */
async function inviteTwin(page: Page, seen: 'All' | 'Own'): Promise<string> {
  await visit(page, '/settings/roles');
  await page.getByRole('button', { name: 'New role' }).click();
  const dialog = page.getByRole('dialog', { name: 'New role' });
  await dialog.getByLabel('Name').fill(ROLE);
  await dialog.getByRole('button', { name: 'Make role' }).click();
  await expect(page.getByRole('heading', { name: ROLE })).toBeVisible();
  await page.getByLabel('Accounts: See').selectOption(seen);
  await page.getByLabel('Accounts: Create').selectOption('Own');
  await page.getByLabel('Accounts: Change').selectOption('Own');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  return invitation(page, TWIN.email, ROLE);
}

/** Makes the account of the twins' name; gives its path. */
async function makeAccount(page: Page, industry: string): Promise<string> {
  await createAccount(page, ACCOUNT);
  await page.getByLabel('Filter by Name').fill(ACCOUNT);
  await expect(page).toHaveURL(/filter=/);
  const panel = await openForm(page, ACCOUNT);
  await panel.getByLabel('Industry').fill(industry);
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`${ACCOUNT} was saved.`)).toBeVisible();
  await expect(panel).toBeHidden();
  return new URL(page.url()).pathname;
}

/** The status with which the page's own server answers. */
function statusOf(page: Page, path: string): Promise<number> {
  return page.evaluate(async (asked) => (await fetch(asked)).status, `/api/v1${path}`);
}

async function sessionAt(page: Page): Promise<Cookie> {
  const cookies = await page.context().cookies(page.url());
  const found = cookies.find(({ name }) => name === SESSION);
  if (found === undefined) throw new Error(`no session at ${page.url()}`);
  return found;
}

/** How a server answers who brings this value as its own host's session. */
async function statusWith(
  browser: Browser,
  page: Page,
  { value }: Cookie,
): Promise<number | undefined> {
  const { origin, hostname } = new URL(page.url());
  const context = await browser.newContext();
  const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;
  await context.addCookies([{ name: SESSION, value, domain: hostname, ...attributes }]);
  const stranger = await context.newPage();
  const answer = await stranger.goto(`${origin}/api/v1/sessions/current`);
  const status = answer?.status();
  await context.close();
  return status;
}

test('two tenants with people and records of the same names never meet', async ({
  page: first,
  browser,
  watched,
}) => {
  const invitationToSecond = process.env.SECOND_INVITATION_URL;
  if (SECOND === undefined || invitationToSecond === undefined) {
    test.skip(true, 'one tenant alone: SECOND_BASE_URL and SECOND_INVITATION_URL are not set');
    return;
  }
  // What a person's role does not show is asked for and refused; so is what is another tenant's.
  for (const status of [403, 404, 410]) watched.allow(status, '');
  const second = await first.context().newPage();
  await watched.also(second);
  let links: [string, string] = ['', ''];

  await test.step('the same role and invitation in both', async () => {
    await first.goto('/');
    await signIn(first);
    await accept(second, invitationToSecond, 'Hank Scorpio');
    await second.goto(`${SECOND}/`);
    expect(new URL(second.url()).hostname).not.toBe(new URL(first.url()).hostname);
    links = [await inviteTwin(first, 'All'), await inviteTwin(second, 'Own')];
    for (const [page, seen] of [
      [first, 'all'],
      [second, 'own'],
    ] as const) {
      await page.reload();
      await expect(page.getByLabel('Accounts: See')).toHaveValue(seen);
      await visit(page, '/settings/roles');
      await expect(page.getByRole('link', { name: ROLE })).toHaveCount(1);
    }
  });

  const twins = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  const [here, there] = [await twins.newPage(), await twins.newPage()];
  for (const page of [here, there]) await watched.also(page);

  await test.step('an invitation to one says nothing to the other', async () => {
    await there.goto(`${SECOND}/invite${new URL(links[0]).hash}`);
    await expect(there.getByRole('alert')).toContainText('has been used');
    await accept(here, links[0], TWIN.name);
    await accept(there, links[1], TWIN.name);
  });

  await test.step('an account of the same name in both', async () => {
    const paths = [await makeAccount(here, 'First'), await makeAccount(there, 'Second')];
    for (const [page, own, other] of [
      [here, 'First', 'Second'],
      [there, 'Second', 'First'],
    ] as const) {
      await visit(page, '/accounts');
      await page.getByLabel('Filter by Name').fill(ACCOUNT);
      await expect(page.getByRole('row', { name: new RegExp(ACCOUNT) })).toHaveCount(1);
      await expect(page.getByRole('row', { name: new RegExp(ACCOUNT) })).toContainText(own);
      await expect(page.getByText(other, { exact: true })).toBeHidden();
    }
    const [ofFirst, ofSecond] = paths as [string, string];
    expect(await statusOf(here, ofFirst)).toBe(200);
    expect(await statusOf(there, ofSecond)).toBe(200);
    expect(await statusOf(there, ofFirst)).toBe(404);
    expect(await statusOf(here, ofSecond)).toBe(404);
  });

  await test.step('a session of one is none at the other', async () => {
    const [session, other] = [await sessionAt(here), await sessionAt(there)];
    expect(session.value).not.toBe(other.value);
    expect(await statusWith(browser, here, session)).toBe(200);
    expect(await statusWith(browser, there, other)).toBe(200);
    expect(await statusWith(browser, there, session)).toBe(401);
    expect(await statusWith(browser, here, other)).toBe(401);
  });

  await test.step('who signs out of one stays in the other', async () => {
    const session = await sessionAt(here);
    await here.getByRole('button', { name: `Menu of ${TWIN.name}` }).click();
    await here.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(here.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
    expect(await statusWith(browser, here, session)).toBe(401);
    await there.reload();
    await expect(there.getByRole('heading', { name: 'Accounts', level: 1 })).toBeVisible();

    // The same words open both doors, each to its own room.
    await here.getByLabel('E-mail').fill(TWIN.email);
    await here.getByLabel('Password', { exact: true }).fill(person.password);
    await here.getByRole('button', { name: 'Sign in' }).click();
    await expect(here.getByRole('heading', { name: /^Hello/ })).toBeVisible();
    await openUserMenu(first);
    await first.getByRole('menuitem', { name: 'Sign out' }).click();
    await second.reload();
    await expect(second.getByRole('link', { name: ROLE })).toBeVisible();
  });

  await twins.close();
});
