/**
 * Leads through a browser: what the registry describes beyond texts and numbers. Signs in as an
 * administrator of its own, or as the person that `PERSON_EMAIL` and `PERSON_PASSWORD` name.
 */
import { asOwnAdministrator } from '../people';
import { backToList, expectAccessibleInBoth, openForm, signIn } from '../person';
import { expect, test } from '../watched';

asOwnAdministrator();

test('a lead with a status and a value is made, seen, changed and put in order', async ({
  page,
}) => {
  // Names of this run alone: a database may hold those of an earlier one.
  const run = Date.now().toString(36);
  const [small, large] = [`Aalto ${run}`, `Zuse ${run}`];
  await page.goto('/');
  await signIn(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Leads' }).click();
  await expect(page.getByRole('heading', { name: 'Leads', level: 1 })).toBeVisible();
  await expectAccessibleInBoth(page, 'leads');

  const create = async (name: string, amount: string) => {
    await page.getByRole('link', { name: 'New lead' }).first().click();
    const panel = page.getByRole('dialog', { name: 'New lead' });
    await panel.getByLabel('Last name').fill(name);
    await panel.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Working' }).click();
    await panel.getByLabel('Value', { exact: true }).fill(amount);
    await expectAccessibleInBoth(page, 'new lead');
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText(`${name} was created.`)).toBeVisible();
  };
  await test.step('create', async () => {
    await create(small, '12.5');
    await create(large, '98000000.75');
    // The newest first: the list may be long.
    await page.getByRole('button', { name: 'Changed' }).click();
    await page.getByRole('button', { name: 'Changed' }).click();
    await expect(page).toHaveURL(/\/leads\?sort=-updated_at/);
    const row = page.getByRole('row', { name: new RegExp(small) });
    await expect(row).toContainText('Working');
    await expect(row).toContainText('€12.50');
    await expect(page.getByRole('row', { name: new RegExp(large) })).toContainText(
      '€98,000,000.75',
    );
    await expectAccessibleInBoth(page, 'leads with values');
  });

  await test.step('edit', async () => {
    const panel = await openForm(page, small);
    await expect(panel.getByRole('combobox', { name: 'Status' })).toHaveValue('Working');
    await panel.getByRole('combobox', { name: 'Status' }).click();
    await expect(page.getByRole('option', { name: 'Qualified', exact: true })).toBeVisible();
    await expectAccessibleInBoth(page, 'lead with its statuses open');
    await page.getByRole('option', { name: 'Qualified', exact: true }).click();
    await panel.getByLabel('Company').fill('Aalto Studio');
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText(`${small} was saved.`)).toBeVisible();
    await backToList(page, 'Leads');
    const row = page.getByRole('row', { name: new RegExp(small) });
    await expect(row).toContainText('Qualified');
    await expect(row).toContainText('Aalto Studio');
    await expect(row).toContainText('€12.50');
  });

  await test.step('filter', async () => {
    await page.getByLabel('Filter by Last name').fill(run);
    await page.getByRole('combobox', { name: 'Filter by Status' }).click();
    await page.getByRole('option', { name: 'Working', exact: true }).click();
    await expect(page.getByRole('link', { name: small })).toBeHidden();
    await expect(page.getByRole('link', { name: large })).toBeVisible();
    await expectAccessibleInBoth(page, 'filtered leads');
    await page.reload();
    await expect(page.getByRole('link', { name: large })).toBeVisible();
    await expect(page.getByRole('link', { name: small })).toBeHidden();
    await expect(page.getByLabel('Filter by Last name')).toHaveValue(run);
    await page.getByRole('navigation').getByRole('link', { name: 'Leads' }).click();
    await expect(page.getByRole('link', { name: small })).toBeVisible();
  });

  await test.step('sort', async () => {
    const firstRow = page.getByRole('row').nth(1);
    await page.getByRole('button', { name: 'Value', exact: true }).click();
    await page.getByRole('button', { name: 'Value', exact: true }).click();
    await expect(page).toHaveURL(/sort=-value/);
    await expect(firstRow).toContainText(large);
    await page.reload();
    await expect(firstRow).toContainText(large);
  });
});
