/**
 * The invitation's token comes in the address's fragment, which never reaches a server. It is taken
 * out of the address before anything else runs, so that it stays in no history and no bookmark.
 */
const PATH = '/invite';

type Page = Pick<Window, 'location' | 'history' | 'addEventListener'>;

export function takeInvitationToken(page: Page): string | null {
  // A second link opened in the same tab changes only the fragment and loads nothing by itself.
  page.addEventListener('hashchange', () => {
    if (page.location.pathname === PATH && page.location.hash.length > 1) page.location.reload();
  });
  if (page.location.pathname !== PATH || page.location.hash.length < 2) return null;
  const token = page.location.hash.slice(1);
  page.history.replaceState(page.history.state, '', PATH);
  return token;
}
