import type { Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { measure } from './budget.ts';

/** Bytes that gzip cannot shrink, so that a size in is about a size out. */
function noise(bytes: number): string {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state % 64) + 48;
  };
  return String.fromCharCode(...Array.from({ length: bytes }, next));
}

function chunk(fileName: string, more: object) {
  return { type: 'chunk', fileName, imports: [], code: noise(4000), ...more };
}

const bundle = {
  'entry.js': chunk('entry.js', { isEntry: true, imports: ['shared.js'] }),
  'shared.js': chunk('shared.js', {}),
  'page.js': chunk('page.js', { isDynamicEntry: true, imports: ['shared.js', 'only-page.js'] }),
  'only-page.js': chunk('only-page.js', {}),
  'style.css': { type: 'asset', fileName: 'style.css', source: noise(4000) },
} as unknown as Rolldown.OutputBundle;

test('counts what a first visit needs, and what a page adds to it', () => {
  const sizes = measure(bundle, { entryScript: 1, entryStyle: 2, lazy: 3 });
  const [entry, style, page] = sizes;
  const one = style?.bytes ?? 0;
  expect(one).toBeGreaterThan(2000);
  expect(entry).toEqual({ what: 'entry script', bytes: 2 * one, limit: 1 });
  expect(page).toEqual({ what: 'page.js', bytes: 2 * one, limit: 3 });
});
