/**
 * What happens when something goes: the session, the connection. Signs in as an administrator of its
 * own, or as the person that `PERSON_EMAIL` and `PERSON_PASSWORD` name.
 */
import { asOwnAdministrator, IS_FAKE } from '../people';
import {
  backToList,
  createAccount,
  expectAccessibleInBoth,
  openForm,
  person,
  signIn,
} from '../person';
import { expect, test } from '../watched';

asOwnAdministrator();

const run = Date.now().toString(36);

test('a session that was ended elsewhere leads to sign-in, and back', async ({
  page,
  browser,
  watched,
}) => {
  test.skip(IS_FAKE, 'a session of the backend in memory is a cookie that nobody else can end');
  await page.goto('/');
  await signIn(page);
  await page.goto('/accounts?sort=-name');
  await expect(page.getByRole('heading', { name: 'Accounts', level: 1 })).toBeVisible();

  const context = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const elsewhere = await context.newPage();
  await elsewhere.goto('/settings/security');
  await elsewhere.getByLabel('E-mail').fill(person.email);
  await elsewhere.getByLabel('Password', { exact: true }).fill(person.password);
  await elsewhere.getByRole('button', { name: 'Sign in' }).click();
  await elsewhere.getByRole('button', { name: 'End all others' }).click();
  await expect(elsewhere.getByText('This one')).toBeVisible();
  await expect(elsewhere.getByRole('button', { name: 'End all others' })).toBeHidden();
  await context.close();

  watched.allow(401, '');
  await page.getByRole('button', { name: 'Employees', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in\?to=/);
  await signIn(page);
  await expect(page).toHaveURL(/\/accounts\?sort=employees/);
});

test('without a connection a change is refused where it was made, and taken when it is back', async ({
  page,
  context,
  watched,
}) => {
  watched.allowDisconnection();
  await page.goto('/');
  await signIn(page);
  const name = `Offline ${run}`;
  await createAccount(page, name);
  await page.getByLabel('Filter by Name').fill(name);
  await expect(page).toHaveURL(/filter=/);
  const panel = await openForm(page, name);
  await panel.getByLabel('Industry').fill('Typed before');

  await context.setOffline(true);
  await expect(page.getByText(/^No connection/)).toBeAttached();
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(panel.getByRole('alert')).toContainText('no connection to the server');
  await expect(panel.getByLabel('Industry')).toHaveValue('Typed before');

  await context.setOffline(false);
  await expect(page.getByText(/^No connection/)).toBeHidden();
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`${name} was saved.`)).toBeVisible();
  await backToList(page, 'Accounts');
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('Typed before');
  await expectAccessibleInBoth(page, 'the list after it');
});
