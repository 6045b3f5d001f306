/**
 * The token of a link comes in the address's fragment, which never reaches a server. It is taken out of
 * the address before anything else runs, so that it stays in no history and no bookmark.
 */
const PATHS = ['/invite', '/confirm', '/reset'];

type Page = Pick<Window, 'location' | 'history' | 'addEventListener'>;

export function takeLinkToken(page: Page): string | null {
  // A second link opened in the same tab changes only the fragment and loads nothing by itself.
  page.addEventListener('hashchange', () => {
    if (PATHS.includes(page.location.pathname) && page.location.hash.length > 1) {
      page.location.reload();
    }
  });
  const { pathname, hash } = page.location;
  if (!PATHS.includes(pathname) || hash.length < 2) return null;
  page.history.replaceState(page.history.state, '', pathname);
  return hash.slice(1);
}
