/** The filter while it is built: a tree of conditions with keys, and back to what is sent. Pure. */
import { type FieldDescription, fieldOf, type ObjectDescription } from '../description';
import type { InputValue } from '../record-values';
import type { ListFilter, Node, Term } from './filter';
import { type Operator, operatorsOf, takesValue, valueField } from './operators';

export interface Relative {
  relative: 'last' | 'this' | 'next';
  count: number;
  unit: 'day' | 'week' | 'month' | 'quarter' | 'year';
}

export interface Condition {
  key: number;
  kind: 'condition';
  field: string;
  op: Operator;
  value: InputValue | Relative;
}

export interface Group {
  key: number;
  kind: 'group';
  join: 'and' | 'or';
  parts: Part[];
}

/** What the builder cannot show; it is kept as it is. */
export interface Other {
  key: number;
  kind: 'other';
  node: Node;
}

export type Part = Condition | Group | Other;

let made = 0;

/** Only for React: a part keeps its inputs while others come and go. */
function key(): number {
  made += 1;
  return made;
}

export const THIS_WEEK: Relative = { relative: 'this', count: 1, unit: 'week' };

/** What an input of the comparison begins with. */
export function blankValue(field: FieldDescription, op: Operator): InputValue | Relative {
  if (op === 'relative') return THIS_WEEK;
  const { type } = valueField(field, op);
  if (type === 'multi_pick' || type === 'tags' || type === 'records') return [];
  return type === 'boolean' ? true : '';
}

export function newCondition(field: FieldDescription): Condition {
  const op = operatorsOf(field)[0] ?? 'empty';
  return { key: key(), kind: 'condition', field: field.name, op, value: blankValue(field, op) };
}

export function newGroup(join: Group['join'], parts: Part[]): Group {
  return { key: key(), kind: 'group', join, parts };
}

export function toGroup(object: ObjectDescription, filter: ListFilter | undefined): Group {
  if (filter === undefined) return newGroup('and', []);
  const whole = toPart(object, filter.where);
  return whole.kind === 'group' ? whole : newGroup('and', [whole]);
}

function toPart(object: ObjectDescription, node: Node): Part {
  if ('and' in node)
    return newGroup(
      'and',
      node.and.map((inner) => toPart(object, inner)),
    );
  if ('or' in node)
    return newGroup(
      'or',
      node.or.map((inner) => toPart(object, inner)),
    );
  const other: Other = { key: key(), kind: 'other', node };
  return 'not' in node ? other : (toCondition(object, node) ?? other);
}

function toCondition(object: ObjectDescription, term: Term): Condition | undefined {
  const field = fieldOf(object, term.field);
  if (field === undefined) return undefined;
  const { value } = term;
  const special = typeof value === 'object' && value !== null && !Array.isArray(value);
  const op = special && term.op === 'eq' ? pseudo(value) : term.op;
  const known = operatorsOf(field).find((candidate) => candidate === op);
  if (known !== undefined) {
    const shown = takesValue(known) ? (value as InputValue | Relative) : '';
    return { key: key(), kind: 'condition', field: field.name, op: known, value: shown };
  }
  // The bar above the list asks for one option of a pick list.
  if (field.type === 'pick' && (op === 'eq' || op === 'ne') && typeof value === 'string') {
    const several = op === 'eq' ? 'in' : 'not_in';
    return { key: key(), kind: 'condition', field: field.name, op: several, value: [value] };
  }
  return undefined;
}

function pseudo(value: object): string {
  if ('relative' in value) return 'relative';
  return 'ref' in value && value.ref === 'me' ? 'me' : '';
}

/** `undefined` where nothing is asked for; a condition without its value asks for nothing yet. */
export function toFilter(object: ObjectDescription, group: Group): ListFilter | undefined {
  const where = toNode(object, group);
  return where === undefined ? undefined : { v: 1, where };
}

function toNode(object: ObjectDescription, part: Part): Node | undefined {
  if (part.kind === 'other') return part.node;
  if (part.kind === 'condition') return toTerm(object, part);
  const nodes = part.parts.flatMap((inner) => toNode(object, inner) ?? []);
  if (nodes.length === 0) return undefined;
  return part.join === 'and' ? { and: nodes } : { or: nodes };
}

function toTerm(object: ObjectDescription, { field, op, value }: Condition): Term | undefined {
  if (op === 'empty' || op === 'not_empty') return { field, op };
  if (op === 'me') return { field, op: 'eq', value: { ref: 'me' } };
  if (op === 'relative') return { field, op: 'eq', value };
  if (value === '' || (Array.isArray(value) && value.length === 0)) return undefined;
  const type = fieldOf(object, field)?.type;
  if (type === 'integer') return { field, op, value: Number(value) };
  return { field, op, value: typeof value === 'number' ? String(value) : value };
}
