/** Which comparisons a field's type has, and how their values are written. Pure. */
import type { FieldDescription } from '../description';

/** `relative` and `me` are equality with a value of their own, and words of their own for people. */
export const OPERATORS = [
  'contains',
  'not_contains',
  'starts_with',
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'relative',
  'me',
  'in',
  'not_in',
  'any_of',
  'all_of',
  'none_of',
  'empty',
  'not_empty',
] as const;
export type Operator = (typeof OPERATORS)[number];

const TEXT: Operator[] = ['contains', 'not_contains', 'starts_with', 'eq', 'ne'];
const NUMBER: Operator[] = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'];
const DAY: Operator[] = ['relative', 'eq', 'lt', 'gte'];

const BY_TYPE: Record<string, Operator[]> = {
  text: TEXT,
  long_text: TEXT,
  email: TEXT,
  phone: TEXT,
  url: TEXT,
  integer: NUMBER,
  decimal: NUMBER,
  percent: NUMBER,
  currency: NUMBER,
  date: DAY,
  date_time: DAY,
  pick: ['in', 'not_in'],
  multi_pick: ['any_of', 'all_of', 'none_of'],
  tags: ['any_of', 'all_of', 'none_of'],
  participants: ['any_of', 'all_of', 'none_of'],
  boolean: ['eq'],
  user: ['me', 'eq', 'ne'],
  team: ['eq', 'ne'],
  relation: ['eq', 'ne'],
  choice: ['eq', 'ne'],
};

/** None for what cannot be filtered. */
export function operatorsOf({ type }: FieldDescription): Operator[] {
  const own = BY_TYPE[type];
  return own === undefined ? [] : [...own, 'empty', 'not_empty'];
}

export function takesValue(op: Operator): boolean {
  return op !== 'empty' && op !== 'not_empty' && op !== 'me';
}

/** The field whose input takes the comparison's value. */
export function valueField(field: FieldDescription, op: Operator): FieldDescription {
  // Amounts are compared in the organisation's currency; a day stands for all of it; who takes part is asked for without
  // what they do.
  const types: Record<string, string> = {
    currency: 'decimal',
    date_time: 'date',
    participants: 'records',
  };
  const many = op === 'in' || op === 'not_in';
  const type = many ? 'multi_pick' : (types[field.type] ?? field.type);
  // It asks; nothing is written.
  return { ...field, type, required: false, writable: false };
}
