/** Where to go after the provider: the browser keeps it while it is elsewhere. */
import { isPlace } from '@abetworks/app-kit';

const KEY = 'single-sign-on-to';

export function keepPlace(to: string): void {
  window.sessionStorage.setItem(KEY, to);
}

export function takePlace(): string {
  const to = window.sessionStorage.getItem(KEY) ?? '/';
  window.sessionStorage.removeItem(KEY);
  return isPlace(to) ? to : '/';
}
