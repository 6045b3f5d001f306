import { expect, test, vi } from 'vitest';
import { takeLinkToken } from './link-token';

const PATHS = { fragment: ['/invite', '/reset'], query: '/single-sign-on/callback' };

function pageAt(pathname: string, hash: string, search = '') {
  const listeners: (() => void)[] = [];
  const location = { pathname, hash, search, reload: vi.fn() };
  const history = { state: null, replaceState: vi.fn() };
  const page = {
    location,
    history,
    addEventListener: (_: string, run: () => void) => listeners.push(run),
  };
  return { page: page as unknown as Window, location, history, listeners };
}

test.each(['/invite', '/reset'])('takes the token out of the address %s', (path) => {
  const { page, history } = pageAt(path, '#abc');
  expect(takeLinkToken(page, PATHS)).toBe('abc');
  expect(history.replaceState).toHaveBeenCalledWith(null, '', path);
});

test("takes the provider's answer out of the address", () => {
  const { page, history } = pageAt('/single-sign-on/callback', '', '?code=0123&state=xyz');
  expect(takeLinkToken(page, PATHS)).toBe('code=0123&state=xyz');
  expect(history.replaceState).toHaveBeenCalledWith(null, '', '/single-sign-on/callback');
});

test('leaves the fragments of other pages alone', () => {
  const { page, history } = pageAt('/accounts', '#abc');
  expect(takeLinkToken(page, PATHS)).toBeNull();
  expect(history.replaceState).not.toHaveBeenCalled();
});

test('starts again when a second link is opened in the same tab', () => {
  const { page, location, listeners } = pageAt('/invite', '');
  expect(takeLinkToken(page, PATHS)).toBeNull();
  location.hash = '#second';
  for (const run of listeners) run();
  expect(location.reload).toHaveBeenCalledOnce();
});
