/**
 * Playwright's `test` with a page that is watched: an error in the console, an exception, a breach of
 * the content security policy or an answer of 400 and above fails the test, unless it was foreseen.
 */
import { expect, type Page, test as plain } from '@playwright/test';

interface Refusal {
  status: number;
  /** The end of the path, without the query. */
  path: string;
}

export interface Watch {
  /** This answer may come; the browser's own console line about it is then no error either. */
  allow: (status: number, path: string) => void;
  /** The connection is taken away: what the browser prints about that is no error. */
  allowDisconnection: () => void;
  /** Another page of the same test. */
  also: (page: Page) => Promise<void>;
}

/** Every visit asks who is signed in; that nobody is, is an answer. */
const NOBODY: Refusal = { status: 401, path: '/sessions/current' };

/** What the browser itself prints for each refused answer; those are judged by status instead. */
const BROWSER_LINE = /^Failed to load resource: the server responded with a status of/;

const DISCONNECTED = 'Failed to load resource: net::ERR_INTERNET_DISCONNECTED';

interface Lists {
  allowed: Refusal[];
  found: string[];
  printed: string[];
}

async function watch(page: Page, { allowed, found, printed }: Lists): Promise<void> {
  page.on('console', (message) => {
    if (message.type() !== 'error' || BROWSER_LINE.test(message.text())) return;
    if (printed.includes(message.text())) return;
    found.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.push(`exception: ${error.stack ?? error.message}`));
  page.on('response', (response) => {
    if (response.status() < 400) return;
    const { pathname } = new URL(response.url());
    const foreseen = allowed.some(
      ({ status, path }) => status === response.status() && pathname.endsWith(path),
    );
    if (!foreseen) found.push(`answer: ${response.status()} ${pathname}`);
  });
  await page.exposeFunction('reportBreach', (what: string) => found.push(`policy: ${what}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (window as unknown as { reportBreach: (what: string) => void }).reportBreach(
        `${violatedDirective} ${blockedURI}`,
      );
    });
  });
}

export const test = plain.extend<{ watched: Watch }>({
  watched: [
    async ({ page }, use) => {
      const lists: Lists = { allowed: [NOBODY], found: [], printed: [] };
      await watch(page, lists);
      await use({
        allow: (status, path) => lists.allowed.push({ status, path }),
        allowDisconnection: () => lists.printed.push(DISCONNECTED),
        also: (other) => watch(other, lists),
      });
      expect(lists.found, 'errors in the browser').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
