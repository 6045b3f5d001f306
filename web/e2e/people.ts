/** A second person, in a browser of their own. */
import { type Browser, expect, type Page } from '@playwright/test';
import { person } from './person';

/** The backend in memory knows one person, and its sessions are only a cookie. */
export const IS_FAKE = process.env.BASE_URL === undefined;

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
    const email = `${name.toLowerCase().replaceAll(' ', '.')}-${Date.now()}@example.com`;
    await accept(other, await invitation(page, email, role), name);
  }
  return other;
}
