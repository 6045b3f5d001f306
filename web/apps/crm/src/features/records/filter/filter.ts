/** A list's filter as the address and the API write it (`docs/use/filter.md`). Pure. */
import { z } from 'zod/mini';
import { type FieldDescription, fieldOf, type ObjectDescription } from '../description';

export interface Term {
  field: string;
  op: string;
  value?: unknown;
}

export type Node = Term | { and: Node[] } | { or: Node[] } | { not: Node };

export interface ListFilter {
  v: 1;
  where: Node;
}

const node: z.ZodMiniType<Node> = z.lazy(() =>
  z.union([
    z.object({ and: z.array(node) }),
    z.object({ or: z.array(node) }),
    z.object({ not: node }),
    z.object({ field: z.string(), op: z.string(), value: z.optional(z.unknown()) }),
  ]),
) as z.ZodMiniType<Node>;

export const listFilter: z.ZodMiniType<ListFilter> = z.object({ v: z.literal(1), where: node });

/** Without what an old bookmark asks for and is no more; `undefined` when nothing is left. */
export function knownFilter(
  object: ObjectDescription,
  filter: ListFilter | undefined,
): ListFilter | undefined {
  const where = filter === undefined ? undefined : pruned(object, filter.where);
  return where === undefined ? undefined : { v: 1, where };
}

function pruned(object: ObjectDescription, whole: Node): Node | undefined {
  const all = (nodes: Node[]) => nodes.flatMap((inner) => pruned(object, inner) ?? []);
  if ('and' in whole) return nonEmpty(all(whole.and), (and) => ({ and }));
  if ('or' in whole) return nonEmpty(all(whole.or), (or) => ({ or }));
  if ('not' in whole) {
    const not = pruned(object, whole.not);
    return not === undefined ? undefined : { not };
  }
  // A path goes through another object, which knows its own fields.
  return whole.field.includes('.') || fieldOf(object, whole.field) !== undefined
    ? whole
    : undefined;
}

function nonEmpty(nodes: Node[], group: (nodes: Node[]) => Node): Node | undefined {
  return nodes.length === 0 ? undefined : group(nodes);
}

/** How many conditions it has. */
export function termCount(whole: Node | undefined): number {
  if (whole === undefined) return 0;
  if ('and' in whole) return whole.and.reduce((sum, inner) => sum + termCount(inner), 0);
  if ('or' in whole) return whole.or.reduce((sum, inner) => sum + termCount(inner), 0);
  return 'not' in whole ? termCount(whole.not) : 1;
}

/** What the bar above the list shows: conditions that all hold, of these forms. */
type QuickOp = 'contains' | 'eq';

/** Pick lists that the bar offers beside the title. */
export function quickFields(object: ObjectDescription): FieldDescription[] {
  return object.fields.filter(({ type, section }) => type === 'pick' && section !== 'system');
}

function conjuncts(filter: ListFilter | undefined): Node[] {
  if (filter === undefined) return [];
  return 'and' in filter.where ? filter.where.and : [filter.where];
}

function isQuick(inner: Node, field: string, op: QuickOp): inner is Term {
  return 'field' in inner && inner.field === field && inner.op === op;
}

export function quickValue(filter: ListFilter | undefined, field: string, op: QuickOp): string {
  const term = conjuncts(filter).find((inner) => isQuick(inner, field, op)) as Term | undefined;
  return typeof term?.value === 'string' ? term.value : '';
}

/** The filter with one condition of the bar put in, changed, or with an empty value taken out. */
export function withQuick(
  filter: ListFilter | undefined,
  term: { field: string; op: QuickOp; value: string },
): ListFilter | undefined {
  const others = conjuncts(filter).filter((inner) => !isQuick(inner, term.field, term.op));
  const and = term.value === '' ? others : [...others, term];
  return and.length === 0 ? undefined : { v: 1, where: { and } };
}
