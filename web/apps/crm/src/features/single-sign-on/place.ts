/** Where to go after the provider: the browser keeps it while it is elsewhere. */
const KEY = 'single-sign-on-to';
/** A path of this app and nothing else. */
const PLACE = /^\/(?![/\\])/;

export function keepPlace(to: string): void {
  window.sessionStorage.setItem(KEY, to);
}

export function takePlace(): string {
  const to = window.sessionStorage.getItem(KEY) ?? '/';
  window.sessionStorage.removeItem(KEY);
  return PLACE.test(to) ? to : '/';
}
