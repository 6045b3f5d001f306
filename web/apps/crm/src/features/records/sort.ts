/** The list's order as the address and the API write it: `name`, `-updated_at`. */
import type { GridSort } from '@abetworks/ui';
import { z } from 'zod/mini';
import type { ObjectDescription } from './description';

export const recordsSearch = z.object({
  sort: z.optional(z.catch(z.string(), '')),
});

export function defaultSort(object: ObjectDescription): string {
  const byTitle = object.fields.some(({ name, sortable }) => name === object.title && sortable);
  return byTitle ? object.title : '-updated_at';
}

/** An unknown order in an old bookmark shows the default one. */
export function knownSort(object: ObjectDescription, value: string | undefined): string {
  const key = value?.replace(/^-/, '');
  const known = object.fields.some(({ name, sortable }) => name === key && sortable);
  return value !== undefined && known ? value : defaultSort(object);
}

export function parseSort(value: string): GridSort {
  const descending = value.startsWith('-');
  return { key: descending ? value.slice(1) : value, descending };
}

export function printSort({ key, descending }: GridSort): string {
  return descending ? `-${key}` : key;
}
