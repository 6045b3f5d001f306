/** Between a record and the form that edits it. Pure. */
import { fromWallClock, toWallClock } from '@abetworks/ui';
import {
  type Address,
  type CrmRecord,
  type FieldDescription,
  holdsAddresses,
  type Money,
  type ObjectDescription,
  type Participant,
  withoutPrimaries,
} from './description';

/** What an input holds: an empty text stands for no value. */
export type InputValue =
  | string
  | number
  | boolean
  | string[]
  | Address[]
  | Participant[]
  | MoneyInput;
export type RecordValues = Record<string, InputValue>;

export interface MoneyInput {
  amount: string | number;
  currency: string;
}

/** What stands in an amount's currency until another is chosen. */
const NO_MONEY: MoneyInput = { amount: '', currency: 'EUR' };

/** Of these there is no input. */
const WITHOUT_INPUT = ['id', 'links'];

export function formFields(object: ObjectDescription): FieldDescription[] {
  return withoutPrimaries(object).filter(
    ({ type, section, writable }) =>
      writable && section !== 'system' && !WITHOUT_INPUT.includes(type),
  );
}

export function valuesOf(object: ObjectDescription, record: CrmRecord | undefined): RecordValues {
  return Object.fromEntries(
    formFields(object).map((field) => [
      field.name,
      // A new record begins with what it would get anyway.
      inputValue(field.type, record === undefined ? field.default : record[field.name]),
    ]),
  );
}

export function inputValue(type: string, value: unknown): InputValue {
  if (type === 'boolean') return value === true;
  if (type === 'multi_pick' || type === 'tags')
    return Array.isArray(value) ? value.map(String) : [];
  if (holdsAddresses({ type })) return (value as Address[] | null | undefined) ?? [];
  if (type === 'participants') return (value as Participant[] | null | undefined) ?? [];
  if (type === 'currency') return (value as Money | null | undefined) ?? NO_MONEY;
  if (value === null || value === undefined) return '';
  if (type === 'date_time') return toWallClock(String(value));
  return typeof value === 'number' ? value : String(value);
}

/** What the API takes for an input's value. */
export function sentValue(type: string, value: InputValue | undefined): unknown {
  if (value === undefined) return null;
  if (holdsAddresses({ type })) return sentAddresses(value as Address[]);
  if (type === 'participants') return sentParticipants(value as Participant[]);
  if (typeof value === 'boolean' || Array.isArray(value)) return value;
  if (typeof value === 'object') {
    const amount = String(value.amount).trim();
    return amount === '' ? null : { amount, currency: value.currency };
  }
  const text = String(value).trim();
  if (text === '') return null;
  if (type === 'integer') return Number(text);
  // What is no time goes to the server as it is, which refuses it at its field.
  if (type === 'date_time') return fromWallClock(text) ?? text;
  return text;
}

/** Without lines that were left blank; none are no list. */
function sentAddresses(addresses: Address[]): Address[] | null {
  const filled = addresses
    .map((one) => ({ ...one, value: one.value.trim(), label: one.label?.trim() || null }))
    .filter(({ value }) => value !== '');
  return filled.length === 0 ? null : filled;
}

/** Without lines where nobody was chosen. */
function sentParticipants(participants: Participant[]): Participant[] | null {
  const chosen = participants
    .map((one) => ({ ...one, role: one.role?.trim() || null }))
    .filter(({ contact_id }) => contact_id !== '');
  return chosen.length === 0 ? null : chosen;
}

function sameValue(type: string, one: unknown, other: unknown): boolean {
  if (one === null || other === null) return one === other;
  if (type === 'currency') {
    const [left, right] = [one as Money, other as Money];
    return left.currency === right.currency && sameNumber(left.amount, right.amount);
  }
  if (type === 'decimal' || type === 'percent') return sameNumber(String(one), String(other));
  return JSON.stringify(one) === JSON.stringify(other);
}

/** `12.5` and `12.50`, compared as texts: a number would lose digits. */
function sameNumber(one: string, other: string): boolean {
  const plain = (text: string) =>
    text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return plain(one) === plain(other);
}

/** Only what was filled in: of the rest the server knows the defaults, and whether it is required. */
export function toCreate(object: ObjectDescription, values: RecordValues): Record<string, unknown> {
  return Object.fromEntries(
    formFields(object)
      .map(({ name, type }) => [name, sentValue(type, values[name])] as const)
      .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
}

/** Only what was changed, so that two people editing different fields do not undo each other. */
export function toPatch(
  object: ObjectDescription,
  values: RecordValues,
  before: RecordValues,
): Record<string, unknown> {
  return Object.fromEntries(
    formFields(object)
      .map(({ name, type }) => ({
        name,
        type,
        wanted: sentValue(type, values[name]),
        was: sentValue(type, before[name]),
      }))
      .filter(({ type, wanted, was }) => !sameValue(type, wanted, was))
      .map(({ name, wanted }) => [name, wanted]),
  );
}
