/**
 * A record and what belongs to it: related lists, the next one of the list, two people at once. Signs
 * in as an administrator of its own, or as the person that `PERSON_EMAIL` and `PERSON_PASSWORD` name.
 */
import type { Page } from '@playwright/test';
import { another, asOwnAdministrator } from '../people';
import { backToList, createAccount, expectAccessibleInBoth, openForm, signIn } from '../person';
import { picture } from '../pictures';
import { expect, test } from '../watched';

asOwnAdministrator();

// The tests build on each other.
test.describe.configure({ mode: 'serial' });

const run = Date.now().toString(36);
const PARENT = `Holding ${run}`;
const CHILDREN = ['A', 'B', 'C'].map((letter) => `Daughter ${letter} ${run}`);

async function openPage(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

async function narrowTo(page: Page, words: string): Promise<void> {
  await page.goto('/accounts');
  await page.getByLabel('Filter by Name').fill(words);
  await expect(page).toHaveURL(/filter=/);
}

test('what refers to a record is listed on its page, made there, and shown whole', async ({
  page,
}) => {
  await page.goto('/');
  await signIn(page);
  await createAccount(page, PARENT);
  await narrowTo(page, PARENT);
  await openPage(page, PARENT);
  const daughters = page.getByRole('region', { name: 'Accounts: Part of' });
  await expect(daughters.getByText('0', { exact: true })).toBeVisible();
  for (const name of CHILDREN) {
    await daughters.getByRole('button', { name: 'New account' }).click();
    const panel = page.getByRole('dialog', { name: 'New account' });
    await expect(panel.getByRole('combobox', { name: 'Part of' })).toHaveValue(PARENT);
    await panel.getByLabel('Name').fill(name);
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(daughters.getByRole('link', { name })).toBeVisible();
  }
  const tasks = page.getByRole('region', { name: 'Tasks' });
  await tasks.getByRole('button', { name: 'New task' }).click();
  const panel = page.getByRole('dialog', { name: 'New task' });
  await expect(panel.getByText(`About: ${PARENT}`)).toBeVisible();
  await panel.getByLabel('Subject').fill(`Call ${run}`);
  await expectAccessibleInBoth(page, 'new task about an account');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(tasks.getByRole('link', { name: `Call ${run}` })).toBeVisible();
  await expect(tasks.getByText('1', { exact: true })).toBeVisible();
  await expect(page.getByText('Saving…')).toBeHidden();
  await expectAccessibleInBoth(page, 'page of an account');
  await page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded();
  await picture(page, 'record');

  await page.setViewportSize({ width: 390, height: 800 });
  const width = await page.evaluate(() => document.scrollingElement?.scrollWidth);
  expect(width, 'nothing to scroll sideways').toBe(390);
  await expectAccessibleInBoth(page, 'page of an account on a small screen');
  await page.setViewportSize({ width: 1280, height: 720 });

  await tasks.getByRole('link', { name: /^Show all/ }).click();
  await expect(page.getByRole('heading', { name: 'Tasks', level: 1 })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.goBack();
  await daughters.getByRole('link', { name: /^Show all/ }).click();
  await expect(page.getByRole('heading', { name: 'Accounts', level: 1 })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(CHILDREN.length + 1);
});

test('from one record to the next within the list, by button and by key', async ({ page }) => {
  await page.goto('/');
  await signIn(page);
  await narrowTo(page, `${run}`);
  await expect(page.getByRole('row')).toHaveCount(CHILDREN.length + 2);
  await openPage(page, CHILDREN[0] ?? '');
  await expect(page.getByText('1 of 4')).toBeVisible();
  await page.getByRole('button', { name: 'Next record' }).click();
  await expect(page.getByRole('heading', { name: CHILDREN[1] ?? '', level: 1 })).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { name: CHILDREN[2] ?? '', level: 1 })).toBeVisible();
  await page.keyboard.press('k');
  await expect(page.getByRole('heading', { name: CHILDREN[1] ?? '', level: 1 })).toBeVisible();
  await page.reload();
  await expect(page.getByText('2 of 4')).toBeVisible();
  await page.keyboard.press('e');
  const panel = page.getByRole('dialog', { name: CHILDREN[1] ?? '' });
  await expect(panel.getByLabel('Name')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await backToList(page, 'Accounts');
  await expect(page, 'the list as it was').toHaveURL(/filter=/);
  await expect(page.getByRole('row')).toHaveCount(CHILDREN.length + 2);
});

test('two people who change one record both keep what they wrote', async ({
  page,
  browser,
  watched,
}) => {
  watched.allow(412, '');
  await page.goto('/');
  await signIn(page);
  const other = await another(browser, page, { name: 'Grace Hopper' });
  const name = `Shared ${run}`;
  await createAccount(page, name);
  for (const one of [page, other]) {
    await narrowTo(one, name);
    await expect((await openForm(one, name)).getByLabel('Name')).toHaveValue(name);
  }
  const hers = other.getByRole('dialog', { name });
  await hers.getByRole('textbox', { name: 'Phones 1', exact: true }).fill('+49 30 1234567');
  await hers.getByLabel('Industry').fill('Trade');
  await hers.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByText(`${name} was saved.`)).toBeVisible();

  const mine = page.getByRole('dialog', { name });
  await mine.getByLabel('Industry').fill('Energy');
  await mine.getByLabel('Employees').fill('12');
  await mine.getByRole('button', { name: 'Save' }).click();
  await expect(mine.getByText('Changed by someone else')).toBeVisible();
  await expect(mine.getByText(/someone changed: .*Phone/)).toBeVisible();
  const choice = mine.getByRole('radiogroup', { name: 'Industry' });
  await expect(choice.getByRole('radio', { name: 'Yours: Energy' })).toBeChecked();
  await expectAccessibleInBoth(page, 'a conflict with a choice');
  await expect(mine.getByRole('alert')).toBeInViewport();
  await picture(page, 'conflict');
  await choice.getByRole('radio', { name: 'Theirs: Trade' }).check();
  await mine.getByRole('button', { name: 'Save with these choices' }).click();
  await expect(page.getByText(`${name} was saved.`)).toBeVisible();
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await expect(mine.getByLabel('Industry')).toHaveValue('Trade');
  await expect(mine.getByLabel('Employees')).toHaveValue('12');
  await expect(mine.getByRole('textbox', { name: 'Phones 1', exact: true })).toHaveValue(
    '+49 30 1234567',
  );
  await other.context().close();
});
