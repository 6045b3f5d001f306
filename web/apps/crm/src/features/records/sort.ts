/** What a list shows as the address and the API write it: its order (`-updated_at,name`), and more. */
import type { GridSort } from '@abetworks/ui';
import { z } from 'zod/mini';
import type { ObjectDescription } from './description';
import { listFilter } from './filter/filter';

export const recordsSearch = z.object({
  /** The saved view that the rest was taken from. */
  view: z.catch(z.optional(z.string()), undefined),
  sort: z.optional(z.catch(z.string(), '')),
  filter: z.catch(z.optional(listFilter), undefined),
  columns: z.catch(z.optional(z.string()), undefined),
});

/** The API takes no more. */
const MOST_KEYS = 3;

export function defaultSort(object: ObjectDescription): string {
  const byTitle = object.fields.some(({ name, sortable }) => name === object.title && sortable);
  return byTitle ? object.title : '-updated_at';
}

/** An unknown order in an old bookmark shows the default one. */
export function knownSort(object: ObjectDescription, value: string | undefined): string {
  const known = parseSort(value ?? '').filter(({ key }) =>
    object.fields.some(({ name, sortable }) => name === key && sortable),
  );
  return known.length === 0 ? defaultSort(object) : printSort(known.slice(0, MOST_KEYS));
}

export function parseSort(value: string): GridSort[] {
  return value.split(',').map((part) => {
    const descending = part.startsWith('-');
    return { key: descending ? part.slice(1) : part, descending };
  });
}

export function printSort(sorts: GridSort[]): string {
  return sorts.map(({ key, descending }) => (descending ? `-${key}` : key)).join();
}
