import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const FOLDERS = [
  'apps/crm/src/locales',
  'packages/app-kit/src/locales',
  'packages/problem/src/locales',
  'packages/ui/src/locales',
];

/** Every key with the names it fills in: both have to agree between languages. */
function shape(value: unknown, path = ''): string[] {
  if (typeof value === 'string') {
    return [`${path} ${[...value.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort()}`];
  }
  return Object.entries(value as object).flatMap(([key, inner]) => shape(inner, `${path}/${key}`));
}

test.each(FOLDERS)('all languages of %s say the same things', (folder) => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  expect(files).toEqual(['de.json', 'en.json']);
  const [first, ...others] = files.map((name) =>
    shape(JSON.parse(readFileSync(join(folder, name), 'utf8'))).sort(),
  );
  expect(first?.length).toBeGreaterThan(20);
  for (const other of others) expect(other).toEqual(first);
});
