/** Who the tests act as: an administrator for each file of specs, and others beside them. */
import { ADA_EMAIL, INVITATION_TOKEN } from '@abetworks/testing';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { person } from './person';

/** The backend in memory knows one person, and its sessions are only a cookie. */
export const IS_FAKE = process.env.BASE_URL === undefined;

/** Where the session of who was invited first is kept. */
export const FOUNDER = 'results/founder.json';

/** Not over the backend in memory, nor where somebody is named who is there already. */
export const MAKES_PEOPLE = !IS_FAKE && process.env.PERSON_EMAIL === undefined;

/**
 * Call once in a file of specs: its tests sign in as an administrator of their own. It is made anew
 * where a failure has ended the process that knew it.
 */
export function asOwnAdministrator(): void {
  test.beforeAll(async ({ browser }) => {
    if (process.env.PERSON_EMAIL !== undefined) return;
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    if (IS_FAKE) {
      await becomeAda(page);
    } else {
      person.email = addressOf(person.name);
      const link = await invitationByFounder(browser, person.email);
      await accept(page, link, person.name);
    }
    await context.close();
  });
}

/** A link for another administrator, from who was invited first. */
export async function invitationByFounder(browser: Browser, email: string): Promise<string> {
  const context = await browser.newContext({ storageState: FOUNDER });
  const page = await context.newPage();
  await page.goto(process.env.BASE_URL ?? '');
  const link = await invitation(page, email, 'admin');
  await context.close();
  return link;
}

/** No two are the same: a database may hold those of an earlier run. */
export function addressOf(name: string): string {
  return `${name.toLowerCase().replaceAll(' ', '.')}-${Date.now()}@example.com`;
}

/** Takes the invitation up where no test has done so yet. */
async function becomeAda(page: Page): Promise<void> {
  const accepted = new URL('/api/v1/invitations/accept', process.env.INVITATION_URL).href;
  const { name, password } = person;
  const answer = await page.request.post(accepted, {
    data: { token: INVITATION_TOKEN, name, password },
  });
  if (!answer.ok()) expect(answer.status()).toBe(410);
  person.email = ADA_EMAIL;
}

interface Invited {
  url: string;
}

interface Role {
  id: string;
  key: string | null;
  name: string;
}

/** A link for somebody with a role (its key or its name), made by who is signed in on the page. */
export async function invitation(page: Page, email: string, role: string): Promise<string> {
  const { url } = await page.evaluate(
    async ([address, wanted]) => {
      const roles = (await (await fetch('/api/v1/roles')).json()) as { items: Role[] };
      const found = roles.items.find(({ key, name }) => key === wanted || name === wanted);
      const answer = await fetch('/api/v1/invitations', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: address, name: address, role_ids: [found?.id] }),
      });
      return (await answer.json()) as Invited;
    },
    [email, role] as const,
  );
  return url;
}

/** Takes an invitation up; ends in the app. */
export async function accept(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('New password').fill(person.password);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
}

/** Who holds the role and nothing more, signed in; over the backend in memory, the same person. */
export async function another(
  browser: Browser,
  page: Page,
  { name, role = 'admin' }: { name: string; role?: string },
): Promise<Page> {
  const origin = new URL(page.url()).origin;
  const context = await browser.newContext({ baseURL: origin, locale: 'en-GB' });
  const other = await context.newPage();
  if (IS_FAKE) {
    await other.goto('/');
    await other.getByLabel('E-mail').fill(person.email);
    await other.getByLabel('Password', { exact: true }).fill(person.password);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await expect(other.getByRole('navigation', { name: 'Main' })).toBeVisible();
  } else {
    await accept(other, await invitation(page, addressOf(name), role), name);
  }
  return other;
}
