/**
 * The token of a link comes in the address's fragment, which never reaches a server. It is taken out of
 * the address before anything else runs, so that it stays in no history and no bookmark. What the
 * organisation's provider sends back is as secret, and comes in the query.
 */

export interface LinkPaths {
  /** Those whose fragment is a token. */
  fragment: readonly string[];
  /** The one whose query is as secret. */
  query: string;
}

type Page = Pick<Window, 'location' | 'history' | 'addEventListener'>;

export function takeLinkToken(page: Page, paths: LinkPaths): string | null {
  // A second link opened in the same tab changes only the fragment and loads nothing by itself.
  page.addEventListener('hashchange', () => {
    if (paths.fragment.includes(page.location.pathname) && page.location.hash.length > 1) {
      page.location.reload();
    }
  });
  const { pathname, hash, search } = page.location;
  if (pathname === paths.query && search.length > 1) {
    page.history.replaceState(page.history.state, '', pathname);
    return search.slice(1);
  }
  if (!paths.fragment.includes(pathname) || hash.length < 2) return null;
  page.history.replaceState(page.history.state, '', pathname);
  return hash.slice(1);
}
