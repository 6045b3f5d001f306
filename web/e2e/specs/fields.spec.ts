/**
 * A field that an admin makes works at once wherever fields do. Signs in as an administrator of its
 * own, or as the person that `PERSON_EMAIL` and `PERSON_PASSWORD` name.
 */
import { asOwnAdministrator } from '../people';
import { expectAccessibleInBoth, signIn } from '../person';
import { picture } from '../pictures';
import { expect, test } from '../watched';

asOwnAdministrator();

test('a custom field is made, and used in form, list and filter', async ({ page }) => {
  const run = Date.now().toString(36);
  const label = `Region ${run}`;
  const [north, south] = [`North ${run}`, `South ${run}`];
  await page.goto('/');
  await signIn(page);
  await page.goto('/settings/fields?object=lead');
  await page.getByRole('button', { name: 'New field' }).click();
  const dialog = page.getByRole('dialog', { name: 'New field' });
  await dialog.getByLabel('Name in English').fill(label);
  await expectAccessibleInBoth(page, 'a new field');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(label).first()).toBeVisible();
  await expect(dialog).toBeHidden();
  await picture(page, 'fields');

  await page.goto('/leads');
  for (const [name, region] of [
    [north, 'Arctic'],
    [south, 'Pacific'],
  ] as const) {
    await page.getByRole('link', { name: 'New lead' }).first().click();
    const panel = page.getByRole('dialog', { name: 'New lead' });
    await panel.getByLabel('Last name').fill(name);
    await panel.getByLabel(label).fill(region);
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText(`${name} was created.`)).toBeVisible();
  }

  await page.getByLabel('Filter by Last name').fill(run);
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: label }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: label })).toBeVisible();
  await expect(page.getByRole('row', { name: new RegExp(north) })).toContainText('Arctic');

  await page.getByRole('button', { name: /^Filter/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Filter' });
  await drawer.getByRole('button', { name: 'Add condition' }).click();
  await drawer.getByLabel('Field').last().selectOption({ label });
  await drawer.getByLabel('Value').last().fill('arc');
  await drawer.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('link', { name: north })).toBeVisible();
  await expect(page.getByRole('link', { name: south })).toBeHidden();
  await page.reload();
  await expect(page.getByRole('row')).toHaveCount(2);
});
