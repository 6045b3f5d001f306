/**
 * Before all specs: who the platform has invited comes in. An invitation works once, so their session
 * is kept; each spec makes an administrator of its own with it.
 */
import { test } from '@playwright/test';
import { accept, FOUNDER, MAKES_PEOPLE } from './people';

test('who the platform invited comes in', async ({ page }) => {
  test.skip(!MAKES_PEOPLE, 'the specs sign in as somebody who is there');
  await accept(page, process.env.INVITATION_URL ?? '', 'Frances Founder');
  await page.context().storageState({ path: FOUNDER });
});
