/**
 * Looking at the app through a role. Signs in as an administrator of its own, or as the person that
 * `PERSON_EMAIL` and `PERSON_PASSWORD` name.
 */
import { asOwnAdministrator, IS_FAKE } from '../people';
import { createAccount, expectAccessibleInBoth, signIn } from '../person';
import { picture } from '../pictures';
import { expect, test } from '../watched';

asOwnAdministrator();

test('a role is looked through, changes nothing, and is left', async ({ page, watched }) => {
  test.skip(IS_FAKE, 'the backend in memory narrows no rights');
  watched.allow(403, '');
  await page.goto('/');
  await signIn(page);
  await createAccount(page, `Seen by all ${Date.now().toString(36)}`);
  await page.goto('/settings/roles');
  await page.getByRole('link', { name: 'Viewer' }).click();
  await page.getByRole('button', { name: 'View as this role' }).click();
  const banner = page.getByText(/as “Viewer” shows it/);
  await expect(banner).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Hello/ })).toBeVisible();
  await expectAccessibleInBoth(page, 'home through a role');
  await page.getByRole('navigation').getByRole('link', { name: 'Accounts' }).click();
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await expect(page.getByRole('link', { name: 'New account' })).toBeHidden();
  await expect(page.getByRole('link', { name: 'Export' })).toBeHidden();
  await picture(page, 'viewing-as');
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Users' })).toBeHidden();
  await page.getByLabel('Name').fill('Somebody else');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/Nothing is changed while/)).toBeVisible();

  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('heading', { name: 'Viewer' })).toBeVisible();
  await expect(banner).toBeHidden();
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Accounts' })
    .click();
  await expect(page.getByRole('link', { name: 'New account' }).first()).toBeVisible();
});
