/**
 * Pictures of the important pages for the documentation, taken anew with `PICTURES=1`: they are
 * committed, and would otherwise change with every run.
 */
import type { Page } from '@playwright/test';

const FOLDER = '../../docs/screenshots';

export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES !== '1') return;
  // What was said in passing would lie over the page.
  const style = '.mantine-Notifications-root { display: none }';
  await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: 'disabled', style });
}
