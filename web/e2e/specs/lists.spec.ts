/**
 * Lists: cells changed where they stand, saved views, keys. Signs in as an administrator of its own,
 * or as the person that `PERSON_EMAIL` and `PERSON_PASSWORD` name.
 */
import { asOwnAdministrator } from '../people';
import { createAccount, expectAccessibleInBoth, signIn } from '../person';
import { picture } from '../pictures';
import { expect, test } from '../watched';

asOwnAdministrator();

// The tests build on each other.
test.describe.configure({ mode: 'serial' });

const run = Date.now().toString(36);
const [FIRST, SECOND] = [`Alpha ${run}`, `Beta ${run}`];

test('a cell is changed by keys alone, and a refusal is said at it', async ({ page, watched }) => {
  watched.allow(422, '');
  await page.goto('/');
  await signIn(page);
  await createAccount(page, FIRST);
  await createAccount(page, SECOND);
  await page.getByLabel('Filter by Name').fill(run);
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByLabel('Filter by Name').blur();

  await test.step('saved', async () => {
    await page.keyboard.press('j');
    await expect(page.getByRole('link', { name: FIRST })).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('F2');
    const panel = page.getByRole('dialog', { name: 'Edit Industry' });
    await expect(panel.getByLabel('Industry')).toBeFocused();
    await expectAccessibleInBoth(page, 'a cell that is changed');
    await picture(page, 'inline-edit');
    await page.keyboard.type('Robotics');
    await page.keyboard.press('Enter');
    await expect(panel).toBeHidden();
    await expect(page.getByRole('row', { name: new RegExp(FIRST) })).toContainText('Robotics');
    await expect(page.getByRole('gridcell', { name: /Robotics/ })).toBeFocused();
  });

  await test.step('left by Escape', async () => {
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Edit Industry' })).toBeVisible();
    await page.keyboard.type('nothing');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('gridcell', { name: /Robotics/ })).toBeFocused();
  });

  await test.step('refused', async () => {
    await page.getByRole('link', { name: FIRST }).focus();
    await page.keyboard.press('F2');
    const panel = page.getByRole('dialog', { name: 'Edit Name' });
    await panel.getByLabel('Name').fill('');
    await page.keyboard.press('Enter');
    await expect(panel.getByText(/the old value is back/)).toBeVisible();
    await expect(panel.getByLabel('Name')).toHaveAccessibleDescription('Please fill this in.');
    await expectAccessibleInBoth(page, 'a cell whose change was refused');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('link', { name: FIRST })).toBeVisible();
  });

  await test.step('with the pointer', async () => {
    const row = page.getByRole('row', { name: new RegExp(SECOND) });
    await row.hover();
    await row.getByRole('button', { name: 'Edit Industry' }).click();
    const panel = page.getByRole('dialog', { name: 'Edit Industry' });
    await panel.getByLabel('Industry').fill('Foods');
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('row', { name: new RegExp(SECOND) })).toContainText('Foods');
  });

  await test.step('columns are put in order by keys and by buttons', async () => {
    const heads = page.getByRole('columnheader');
    await page.getByRole('button', { name: 'Columns' }).click();
    const industry = page.getByRole('checkbox', { name: 'Industry' });
    await industry.focus();
    await page.keyboard.press('Alt+ArrowDown');
    await expect(heads).toHaveText([/Name/, /Phone/, /Industry/, /Employees/, /Changed/]);
    await expect(industry).toBeFocused();
    await expectAccessibleInBoth(page, 'columns of a list');
    await page.getByRole('button', { name: 'Move Employees up' }).click();
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(/columns=phone(,|%2C)employees(,|%2C)industry/);
    await page.reload();
    await expect(heads).toHaveText([/Name/, /Phone/, /Employees/, /Industry/, /Changed/]);
  });
});

test('a list is kept as a view, begun with, and removed', async ({ page }) => {
  await page.goto('/accounts?view=all');
  await signIn(page);
  await page.getByLabel('Filter by Name').fill(FIRST);
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'View: All accounts' }).click();
  await expectAccessibleInBoth(page, 'views of a list');
  await page.getByRole('menuitem', { name: 'Save as a new view' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save as a new view' });
  await dialog.getByLabel('Name').fill(`Only alpha ${run}`);
  await expectAccessibleInBoth(page, 'a new view');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('link', { name: `Only alpha ${run}` })).toBeVisible();
  await picture(page, 'list');
  const menu = page.getByRole('button', { name: `View: Only alpha ${run}` });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Begin with this view' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
  await expect(page.getByRole('heading', { name: /^Hello/ })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Accounts' }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await menu.click();
  await page.getByRole('menuitem', { name: 'Delete view' }).click();
  await page.getByRole('button', { name: 'Delete view' }).click();
  await expect(page.getByRole('button', { name: 'View: All accounts' })).toBeVisible();
  await expect(page.getByRole('link', { name: `Only alpha ${run}` })).toBeHidden();
});

test('keys lead everywhere, and the help lists them', async ({ page }) => {
  await page.goto('/');
  await signIn(page);
  await expect(page.getByRole('row').nth(2)).toBeVisible();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(help.getByText('Create a record')).toBeVisible();
  await expectAccessibleInBoth(page, 'help of keys');
  await picture(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(page.getByRole('heading', { name: 'Leads', level: 1 })).toBeVisible();
  await page.keyboard.press('c');
  const form = page.getByRole('dialog', { name: 'New lead' });
  await expect(form.getByLabel('Last name')).toBeFocused();
  await page.keyboard.type('gh?');
  await expect(form.getByLabel('Last name')).toHaveValue('gh?');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await expect(page.getByRole('heading', { name: /^Hello/ })).toBeVisible();
  await expectAccessibleInBoth(page, 'home');
  await picture(page, 'home');
});
