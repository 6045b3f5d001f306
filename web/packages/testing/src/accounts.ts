/** Accounts to fill a list with. The same number always gives the same account. */
import type { Account } from '@abetworks/api-crm';

const FIRST = [
  'Northwind',
  'Alder',
  'Brightwater',
  'Cobalt',
  'Dovetail',
  'Ember',
  'Fjord',
  'Granite',
];
const SECOND = [
  'Logistics',
  'Foods',
  'Energy',
  'Labs',
  'Textiles',
  'Robotics',
  'Studio',
  'Partners',
];
const INDUSTRIES = ['Logistics', 'Retail', 'Energy', 'Software', 'Manufacturing', null];

function pick<T>(list: readonly T[], number: number): T {
  return list[number % list.length] as T;
}

/** A UUIDv7 in form; the number in its last digits. */
function idOf(number: number): string {
  return `01930000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

export function accountNumber(number: number, values: Partial<Account> = {}): Account {
  const name = `${pick(FIRST, number)} ${pick(SECOND, Math.floor(number / FIRST.length))} ${number}`;
  const day = new Date(Date.UTC(2026, 0, 1) + number * 3_600_000).toISOString();
  return {
    id: idOf(number),
    version: 1,
    name,
    website: `https://company-${number}.example`,
    phone: `+49 30 ${100_000 + number}`,
    industry: pick(INDUSTRIES, number),
    employees: (number * 37) % 4_000,
    description: null,
    owner_id: idOf(999_999),
    created_at: day,
    updated_at: day,
    ...values,
  };
}

export function accounts(count: number): Account[] {
  return Array.from({ length: count }, (_, index) => accountNumber(index + 1));
}
