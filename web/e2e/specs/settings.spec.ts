/**
 * The organisation's logo; and roles felt by the person who holds them: a role is made and given by
 * invitation, and that person's list shrinks, a field is hidden and exporting is not offered. Signs in
 * as an administrator of its own, or as the person that `PERSON_EMAIL` and `PERSON_PASSWORD` name.
 */
import { asOwnAdministrator } from '../people';
import { expectAccessibleInBoth, openUserMenu, person, signIn } from '../person';
import { expect, test } from '../watched';

asOwnAdministrator();

/** A square of four pixels by four. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mNwDt0LRwzEcQAi0hVRJJgraAAAAABJRU5ErkJggg==';

test('a logo is chosen, shown on every page, and removed', async ({ page }) => {
  await page.goto('/');
  await signIn(page);
  await page.goto('/settings/organisation');
  const choose = async (name: string, mimeType: string, buffer: Buffer) => {
    const dialog = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /^Image/ }).click();
    await (await dialog).setFiles({ name, mimeType, buffer });
  };
  await choose('logo.svg', 'image/svg+xml', Buffer.from('<svg/>'));
  await expect(page.getByText('A PNG, JPEG or WebP image, please.')).toBeVisible();
  await expectAccessibleInBoth(page, 'a logo that was refused');
  await choose('logo.png', 'image/png', Buffer.from(PNG, 'base64'));
  const logo = page.getByRole('banner').getByRole('img');
  await expect(logo).toHaveJSProperty('naturalWidth', 4);
  await expect(logo).toHaveAccessibleName(/./);
  await expectAccessibleInBoth(page, 'a logo');
  await page.reload();
  await expect(logo).toHaveJSProperty('naturalWidth', 4);
  await page.getByRole('button', { name: 'Remove logo' }).click();
  await expect(page.getByText(/^No logo yet/)).toBeVisible();
  await expect(logo).toBeHidden();
});

test('a role is made, given by invitation, and felt', async ({ page, watched }) => {
  // Names of this run alone: a database may hold those of an earlier one.
  const run = Date.now().toString(36);
  const role = `Beginner ${run}`;
  const guest = { email: `grace-${run}@example.com`, name: 'Grace Hopper' };
  const hidden = `Not for Grace ${run}`;
  let invitation = '';
  await page.goto('/');
  await signIn(page);

  await test.step('a lead that only its owner has', async () => {
    await page.goto('/leads/new');
    const panel = page.getByRole('dialog', { name: 'New lead' });
    await panel.getByLabel('Last name').fill(hidden);
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText(`${hidden} was created.`)).toBeVisible();
  });

  await test.step('the settings that everyone has', async () => {
    await openUserMenu(page);
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
    await expectAccessibleInBoth(page, 'profile');
    await page.getByRole('link', { name: 'Security' }).click();
    await expect(page.getByText('This one')).toBeVisible();
    await expectAccessibleInBoth(page, 'security');
    await page.getByRole('link', { name: 'API keys' }).click();
    await expect(page.getByRole('heading', { name: 'API keys', level: 1 })).toBeVisible();
    await expectAccessibleInBoth(page, 'API keys');
  });

  await test.step('a role', async () => {
    await page.getByRole('link', { name: 'Roles & permissions' }).click();
    await expectAccessibleInBoth(page, 'roles');
    await page.getByRole('button', { name: 'New role' }).click();
    const dialog = page.getByRole('dialog', { name: 'New role' });
    await dialog.getByLabel('Name').fill(role);
    await dialog.getByRole('button', { name: 'Make role' }).click();
    await expect(page.getByRole('heading', { name: role })).toBeVisible();
    await page.getByLabel('Leads: See').selectOption('Own');
    await page.getByLabel('Leads: Create').selectOption('Own');
    await page.getByLabel('Leads: Change').selectOption('Own');
    await page.getByRole('button', { name: 'Fields of Leads' }).click();
    await page.getByLabel('Company', { exact: true }).selectOption('Hidden');
    await expect(page.getByRole('status')).toHaveText('4 changes');
    await expectAccessibleInBoth(page, 'role with changes');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved.')).toBeVisible();
    await page.reload();
    await expect(page.getByLabel('Leads: See')).toHaveValue('own');
    await expect(page.getByText('1 field limited')).toBeVisible();
  });

  await test.step('an invitation with it', async () => {
    await page.getByRole('link', { name: 'Users' }).click();
    await expect(page.getByText(person.email)).toBeVisible();
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
    await dialog.getByLabel('E-mail').fill(guest.email);
    await dialog.getByLabel(role).check();
    await dialog.getByLabel('Member', { exact: true }).uncheck();
    await expectAccessibleInBoth(page, 'invitation dialog');
    await dialog.getByRole('button', { name: 'Make invitation' }).click();
    const link = page.getByText(/\/invite#/);
    await expect(link).toBeVisible();
    invitation = (await link.textContent()) ?? '';
    await expectAccessibleInBoth(page, 'users with a link');
    await openUserMenu(page);
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  });

  await test.step('felt by the person invited', async () => {
    // What they may not see is asked for and refused.
    watched.allow(403, '');
    await page.goto(`/invite${new URL(invitation).hash}`);
    await page.getByLabel('Your name').fill(guest.name);
    await page.getByLabel('New password').fill(person.password);
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    const navigation = page.getByRole('navigation', { name: 'Main' });
    await navigation.getByRole('link', { name: 'Leads' }).click();
    await expect(page.getByRole('heading', { name: 'No leads yet' })).toBeVisible();
    await expect(page.getByText(hidden)).toBeHidden();
    await expect(navigation.getByRole('link', { name: 'Accounts' })).toBeHidden();
    await expect(page.getByRole('link', { name: 'Export' })).toBeHidden();
    await page.getByRole('link', { name: 'New lead' }).first().click();
    const panel = page.getByRole('dialog', { name: 'New lead' });
    await expect(panel.getByLabel('Company')).toBeHidden();
    await panel.getByLabel('Last name').fill(`Mine ${run}`);
    await panel.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: `Mine ${run}` }).click();
    await expect(page.getByRole('heading', { name: `Mine ${run}` })).toBeVisible();
    await expectAccessibleInBoth(page, 'page of a lead');
    await page.goto('/settings');
    await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Users' })).toBeHidden();
  });
});
