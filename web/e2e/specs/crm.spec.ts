/**
 * The CRM through a browser, from the invitation on. The tests build on each other: the first one
 * registers the person that the others sign in as.
 */
import { readFile } from 'node:fs/promises';
import { addressOf, invitationByFounder, MAKES_PEOPLE } from '../people';
import {
  backToList,
  createAccount,
  expectAccessibleInBoth,
  openForm,
  openUserMenu,
  person,
  signIn,
} from '../person';
import { expect, test } from '../watched';

test.describe.configure({ mode: 'serial' });

let invitation = process.env.INVITATION_URL ?? '';
const FIRST = 'Aardvark Expeditions';
const LAST = 'Zzyzx Works';

// The platform's own has been taken up, and an invitation works once.
test.beforeAll(async ({ browser }) => {
  if (MAKES_PEOPLE) invitation = await invitationByFounder(browser, addressOf(person.name));
});

test('someone invited registers, keeps accounts, exports them and comes back', async ({
  page,
  watched,
}) => {
  await test.step('registration', async () => {
    await page.goto(invitation);
    await expect(page.getByRole('heading', { name: /^Join / })).toBeVisible();
    expect(new URL(page.url()).hash, 'the token stays out of the address').toBe('');
    await expectAccessibleInBoth(page, 'invitation');
    person.email = await page.getByLabel('E-mail').inputValue();
    await page.getByLabel('Your name').fill(person.name);

    watched.allow(422, '/invitations/accept');
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await expect(page.getByLabel('New password')).toHaveAccessibleDescription(
      /At least \d+ char.*please/,
    );

    await page.getByLabel('New password').fill(person.password);
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await expect(page).toHaveURL(/\/home$/);
  });

  await test.step('sample data, there and away again', async () => {
    const begin = page.getByRole('region', { name: "Let's begin" });
    await expect(begin.getByRole('link', { name: 'Invite people' })).toBeVisible();
    await begin.getByRole('button', { name: 'Add sample data' }).click();
    const notice = page.getByRole('region', { name: 'Sample data' });
    await expect(notice).toBeVisible();
    await expect(begin).toBeHidden();
    await expectAccessibleInBoth(page, 'home with sample data');
    await page.getByRole('link', { name: 'Accounts' }).click();
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    await page.getByRole('link', { name: 'Home' }).click();
    await notice.getByRole('button', { name: 'Remove sample data' }).click();
    const question = page.getByRole('dialog', { name: 'Remove the sample data?' });
    await question.getByRole('button', { name: 'Remove sample data' }).click();
    await expect(begin).toBeVisible();
    await page.getByRole('link', { name: 'Accounts' }).click();
  });

  await test.step('create', async () => {
    await createAccount(page, FIRST);
    await createAccount(page, LAST);
  });

  await test.step('edit, with a refusal at its field', async () => {
    watched.allow(422, '');
    const panel = await openForm(page, FIRST);
    const name = panel.getByLabel('Name');
    await name.fill('');
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await expect(name).toHaveAccessibleDescription('Please fill this in.');
    await expect(name).toBeFocused();
    await expectAccessibleInBoth(page, 'form with a refusal');
    await name.fill(FIRST);
    await panel.getByLabel('Industry').fill('Expeditions');
    await panel.getByLabel('Employees').fill('12');
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText(`${FIRST} was saved.`)).toBeVisible();
    await backToList(page, 'Accounts');
    await expect(page.getByRole('row', { name: new RegExp(FIRST) })).toContainText('Expeditions');
  });

  await test.step('sort', async () => {
    const header = page.getByRole('columnheader', { name: 'Name' });
    const firstRow = page.getByRole('row').nth(1);
    await expect(header).toHaveAttribute('aria-sort', 'ascending');
    await expect(firstRow).toContainText(FIRST);
    await header.getByRole('button').click();
    await expect(page).toHaveURL(/sort=-name/);
    await expect(header).toHaveAttribute('aria-sort', 'descending');
    await expect(firstRow).toContainText(LAST);
    await page.reload();
    await expect(firstRow).toContainText(LAST);
  });

  await test.step('export', async () => {
    await page.getByRole('link', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export accounts' });
    await dialog.getByRole('button', { name: 'Start export' }).click();
    const link = dialog.getByRole('link', { name: /^Download / });
    await expect(link).toBeVisible({ timeout: 30_000 });
    await expectAccessibleInBoth(page, 'finished export');
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
    expect(lines[0]).toContain('name');
    expect(lines.filter((line) => line.includes(FIRST))).toHaveLength(1);
    expect(lines.filter((line) => line.includes(LAST))).toHaveLength(1);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('sign out and in again', async () => {
    await openUserMenu(page);
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
    await page.goto('/accounts?sort=-name');
    await expect(page, 'nothing is shown without a session').toHaveURL(/\/sign-in\?to=/);

    watched.allow(401, '/sessions');
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toHaveText('E-mail or password is wrong.');
    await signIn(page);
    await expect(page).toHaveURL(/\/accounts\?sort=-name/);
  });
});

test('a used invitation says so', async ({ page, watched }) => {
  watched.allow(410, '/invitations/check');
  await page.goto(invitation);
  await expect(page.getByRole('alert')).toContainText('has been used');
  await expectAccessibleInBoth(page, 'used invitation');
});

test('every page is accessible, also with menu, dialog and palette open', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  await expectAccessibleInBoth(page, 'sign-in');
  await signIn(page);
  await expect(page.getByRole('link', { name: FIRST })).toBeVisible();
  await expectAccessibleInBoth(page, 'accounts');
  await openUserMenu(page);
  await expectAccessibleInBoth(page, 'user menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(page.getByLabel('Search for a page or an action')).toBeFocused();
  await expectAccessibleInBoth(page, 'palette');
  await page.keyboard.press('Escape');
  await page.goto('/accounts/new');
  await expect(page.getByRole('dialog', { name: 'New account' })).toBeVisible();
  await expectAccessibleInBoth(page, 'new account');
  await page.goto('/accounts/export');
  await expect(page.getByRole('dialog', { name: 'Export accounts' })).toBeVisible();
  await expectAccessibleInBoth(page, 'export');
  await page.goto('/accounts');
  const panel = await openForm(page, FIRST);
  await expect(panel.getByLabel('Name')).toBeFocused();
  await expectAccessibleInBoth(page, 'form of an account');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog', { name: 'Delete this account?' })).toBeVisible();
  await expectAccessibleInBoth(page, 'confirmation');
  await page.goto('/no-such-page');
  await expect(page.getByRole('heading', { name: 'This page does not exist' })).toBeVisible();
  await expectAccessibleInBoth(page, 'missing page');
});

test('an account is made, changed and deleted by keyboard alone', async ({ page }) => {
  const name = 'Keyboard Makers';
  await page.goto('/');
  await page.getByLabel('E-mail').focus();
  await page.keyboard.type(person.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(person.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /^Hello/ })).toBeVisible();

  await page.keyboard.press('Control+k');
  await expect(page.getByLabel('Search for a page or an action')).toBeFocused();
  await page.keyboard.type('new acc');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByLabel('Name')).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await expect(page.getByText(`${name} was created.`)).toBeVisible();

  await page.getByRole('button', { name: 'Changed' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/sort=updated_at/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/sort=-updated_at/);
  await expect(page.getByRole('row').nth(1)).toContainText(name);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Edit', exact: true }).focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name });
  await expect(panel.getByLabel('Name')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(page.getByRole('link', { name: 'Edit', exact: true })).toBeFocused();
  await page.getByRole('button', { name: 'Delete' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Delete account' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(`${name} was deleted.`)).toBeVisible();
  await expect(page.getByRole('link', { name })).toBeHidden();
});

test('a small screen shows everything without scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const expectNoOverflow = async () => {
    const width = await page.evaluate(() => document.scrollingElement?.scrollWidth);
    expect(width).toBe(390);
  };
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  await expectNoOverflow();
  await signIn(page);
  await expect(page.getByRole('link', { name: FIRST })).toBeVisible();
  await expectNoOverflow();
  await page.getByRole('button', { name: 'Open navigation' }).click();
  await expectAccessibleInBoth(page, 'navigation on a small screen');
  await page.getByRole('navigation').getByRole('link', { name: 'Accounts' }).click();
  await page.getByRole('link', { name: FIRST }).click();
  await expect(page.getByRole('heading', { name: FIRST, level: 1 })).toBeVisible();
  await expectNoOverflow();
  await expectAccessibleInBoth(page, 'account on a small screen');
});

test('in German, too', async ({ page }) => {
  await page.goto('/');
  await signIn(page);
  await openUserMenu(page);
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { name: 'Firmen', level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Firmen', level: 1 })).toBeVisible();
});
