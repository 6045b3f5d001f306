/**
 * How long a person waits, printed and not judged: what else the machine does decides as much. Signs
 * in as an administrator of its own, or as the person that `PERSON_EMAIL` and `PERSON_PASSWORD` name.
 */
import type { Page } from '@playwright/test';
import { asOwnAdministrator, IS_FAKE } from '../people';
import { createAccount, openUserMenu, person } from '../person';
import { expect, test } from '../watched';

asOwnAdministrator();

const ROUNDS = 10;

interface Moments {
  clicked?: number;
  reacted?: number;
}

type Watching = Window & { moments: Moments };

/** Notes in the page, by its own clock, the first click and when a key has first led into the list. */
function noteMoments(): void {
  const moments: Moments = {};
  (window as unknown as Watching).moments = moments;
  addEventListener(
    'click',
    ({ timeStamp }) => {
      moments.clicked ??= timeStamp;
    },
    true,
  );
  addEventListener('focusin', ({ target }) => {
    if ((target as Element).closest('[role="row"]')) moments.reacted ??= performance.now();
  });
}

/** From the click on "Sign in" until the list's first row is there and a key moves to it. */
async function signInToList(page: Page): Promise<number> {
  await page.goto('/sign-in?to=%2Faccounts');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.evaluate(noteMoments);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForFunction(() => document.querySelector('[role="row"] a') !== null);
  const reacted = () => page.evaluate(() => (window as unknown as Watching).moments.reacted);
  while ((await reacted()) === undefined) await page.keyboard.press('j');
  const { clicked, reacted: until } = await page.evaluate(
    () => (window as unknown as Watching).moments,
  );
  if (clicked === undefined || until === undefined) throw new Error('a moment was not noted');
  return until - clicked;
}

async function signOut(page: Page): Promise<void> {
  await openUserMenu(page);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
}

test('from the sign-in page to the list, with a full cache', async ({ page }) => {
  test.skip(IS_FAKE, 'the backend in memory says nothing about time');
  // Fills the cache, and the list: a person comes back to records.
  await page.goto('/sign-in?to=%2Faccounts');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Accounts', level: 1 })).toBeVisible();
  await createAccount(page, `Swift ${Date.now().toString(36)}`);
  await signOut(page);

  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    times.push(await signInToList(page));
    await signOut(page);
  }
  times.sort((one, other) => one - other);
  const median = ((times[ROUNDS / 2 - 1] ?? 0) + (times[ROUNDS / 2] ?? 0)) / 2;
  process.stdout.write(`sign-in to list, warm: ${Math.round(median)} ms (to reach: 500)\n`);
});
