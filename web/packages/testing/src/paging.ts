/** Filter, order and keyset pages over records in memory. */
import type { components } from '@abetworks/api-crm';
import type { Row } from './backend.ts';

interface Page {
  items: Row[];
  next: string | null;
  previous: null;
  count?: components['schemas']['Count'];
}

/** An amount is ordered by its number. */
function keyOf(row: Row, key: string): string | number | null {
  const value = (row as unknown as Record<string, unknown>)[key] ?? null;
  if (typeof value === 'object' && value !== null && 'amount' in value) return Number(value.amount);
  return value as string | number | null;
}

/** What has no value comes last in both directions. */
function compare(one: Row, other: Row, key: string, descending: boolean): number {
  const [left, right] = [keyOf(one, key), keyOf(other, key)];
  if (left === right) return 0;
  if (left == null) return 1;
  if (right == null) return -1;
  return left < right === descending ? 1 : -1;
}

type Term = { field: string; op: string; value: unknown };
type Node = Term | { and: Node[] } | { or: Node[] };

function idOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('contact_id' in value) return value.contact_id;
  return 'id' in value ? value.id : value;
}

function isMe(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ref' in value;
}

/** As much of the filter language as the pages use. */
function holds(node: Node, row: Row): boolean {
  if ('and' in node) return node.and.every((inner) => holds(inner, row));
  if ('or' in node) return node.or.some((inner) => holds(inner, row));
  const value = keyOf(row, node.field);
  // The person signed in owns what nobody else does.
  if (isMe(node.value)) return value !== null;
  if (node.op === 'eq') return value === node.value;
  if (node.op === 'ne') return value !== node.value;
  if (node.op === 'empty') return value === null || (Array.isArray(value) && value.length === 0);
  if (node.op === 'any_of' || node.op === 'none_of') {
    // Tags are ids, links and who takes part are objects with one.
    const held = ((value as unknown as unknown[] | null) ?? []).map(idOf);
    const any = (node.value as unknown[]).some((wanted) => held.includes(idOf(wanted)));
    return any === (node.op === 'any_of');
  }
  if (node.op === 'all_of') {
    const held = ((value as unknown as unknown[] | null) ?? []).map(idOf);
    return (node.value as unknown[]).every((wanted) => held.includes(wanted));
  }
  if (node.op === 'gte') return value !== null && Number(value) >= Number(node.value);
  if (node.op === 'in') return (node.value as unknown[]).includes(value);
  if (node.op === 'contains') {
    return String(value ?? '')
      .toLowerCase()
      .includes(String(node.value).toLowerCase());
  }
  throw new Error(`the backend in memory knows no ${node.op}`);
}

function filtered(all: Row[], filter: string | null): Row[] {
  if (filter === null) return all;
  const { where } = JSON.parse(filter) as { where: Node };
  return all.filter((row) => holds(where, row));
}

export function page(all: Row[], search: URLSearchParams): Page {
  const limit = Number(search.get('limit') ?? 60);
  const keys = (search.get('sort') ?? 'name').split(',');
  const ordered = filtered(all, search.get('filter')).toSorted((one, other) => {
    for (const sort of keys) {
      const descending = sort.startsWith('-');
      const order = compare(one, other, descending ? sort.slice(1) : sort, descending);
      if (order !== 0) return order;
    }
    return one.id < other.id ? -1 : 1;
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
