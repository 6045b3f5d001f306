/** What happy-dom leaves out and the components need. It must not change what is tested. */
import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// A bound, not a wait: a busy machine needs more than the default second.
configure({ asyncUtilTimeout: 10_000 });

/** Without a layout every element is 0 by 0, and a virtual list shows no rows. */
const SIZE = { clientWidth: 1000, clientHeight: 700, offsetWidth: 1000, offsetHeight: 700 };
for (const [name, value] of Object.entries(SIZE)) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, value });
}
// A text area that grows listens for fonts.
Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });

// Menus hide when what they belong to seems to be out of sight.
HTMLElement.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 1000, 700);

afterEach(() => {
  cleanup();
  localStorage.clear();
});
