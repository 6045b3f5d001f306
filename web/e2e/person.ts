/** What a person does on the pages, in the words of the pages. */
import { expectAccessible } from '@abetworks/testing/axe';
import { expect, type Locator, type Page } from '@playwright/test';

/**
 * Whom a file's tests sign in as: its own administrator, see `people`, or someone who is there
 * already. One worker runs the files in order.
 */
export const person = {
  email: process.env.PERSON_EMAIL ?? '',
  name: process.env.PERSON_NAME ?? 'Ada Lovelace',
  password: process.env.PERSON_PASSWORD ?? 'seven green kettles sing',
};

/** Ends in the list of accounts, or with what else the address had asked for. */
export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  if (new URL(page.url()).pathname === '/home') await openAccounts(page);
}

/** By its address: on a small screen the navigation is closed. */
export async function openAccounts(page: Page): Promise<void> {
  await page.goto(new URL('/accounts', page.url()).href);
  await expect(page.getByRole('heading', { name: 'Accounts', level: 1 })).toBeVisible();
}

export async function openUserMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: `Menu of ${person.name}` }).click();
  await expect(page.getByRole('menu')).toBeVisible();
}

/** Of a record that the list shows: its page, and over that the form. */
export async function openForm(page: Page, name: string): Promise<Locator> {
  await page.getByRole('link', { name }).click();
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  return page.getByRole('dialog', { name });
}

/** From a record's page, to the list as it was. */
export async function backToList(page: Page, title: string): Promise<void> {
  await page.getByRole('main').getByRole('link', { name: title, exact: true }).click();
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
}

export async function createAccount(page: Page, name: string): Promise<void> {
  if (!new URL(page.url()).pathname.startsWith('/accounts')) await openAccounts(page);
  // An empty list offers it a second time.
  await page.getByRole('link', { name: 'New account' }).first().click();
  const panel = page.getByRole('dialog', { name: 'New account' });
  await panel.getByLabel('Name').fill(name);
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`${name} was created.`)).toBeVisible();
  await expect(panel).toBeHidden();
}

/** The page as it stands, in both appearances. */
export async function expectAccessibleInBoth(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    await expectAccessible(page, `${what}, ${colorScheme}`);
  }
}
