/** The list's order as the address and the API write it: `name`, `-updated_at`. */
import type { GridSort } from '@abetworks/ui';
import { z } from 'zod/mini';

const KEYS = ['name', 'industry', 'employees', 'created_at', 'updated_at'] as const;
const VALUES = KEYS.flatMap((key) => [key, `-${key}`]);

export const DEFAULT_SORT = 'name';

/** An unknown order in an old bookmark shows the default one. */
export const accountsSearch = z.object({
  sort: z.optional(z.catch(z.enum(VALUES), DEFAULT_SORT)),
});

export function parseSort(value: string): GridSort {
  const descending = value.startsWith('-');
  return { key: descending ? value.slice(1) : value, descending };
}

export function printSort({ key, descending }: GridSort): string {
  return descending ? `-${key}` : key;
}
