/** Order and keyset pages over accounts in memory. */
import type { Account, AccountList } from '@abetworks/api-crm';

type Key = 'name' | 'industry' | 'employees' | 'created_at' | 'updated_at';

function compare(one: Account, other: Account, key: Key): number {
  const [left, right] = [one[key], other[key]];
  if (left === right) return one.id < other.id ? -1 : 1;
  if (left == null) return 1;
  if (right == null) return -1;
  return left < right ? -1 : 1;
}

export function page(all: Account[], search: URLSearchParams): AccountList {
  const limit = Number(search.get('limit') ?? 60);
  const sort = search.get('sort') ?? 'name';
  const descending = sort.startsWith('-');
  const key = (descending ? sort.slice(1) : sort) as Key;
  const ordered = all.toSorted((one, other) => {
    const order = compare(one, other, key);
    return descending ? -order : order;
  });
  const cursor = search.get('cursor');
  const start = cursor === null ? 0 : ordered.findIndex(({ id }) => id === cursor) + 1;
  const items = ordered.slice(start, start + limit);
  const isLast = start + limit >= ordered.length;
  const counted = search.get('count') === 'true';
  return {
    items,
    next: isLast ? null : (items.at(-1)?.id ?? null),
    previous: null,
    ...(counted ? { count: { value: ordered.length, exact: true } } : {}),
  };
}
