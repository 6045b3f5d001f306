/** Between an account and the form that edits it. Pure. */
import type { Account, AccountCreate, AccountPatch } from '@abetworks/api-crm';

export const FIELDS = ['name', 'website', 'phone', 'industry', 'employees', 'description'] as const;
export type AccountField = (typeof FIELDS)[number];

/** What the inputs hold: an empty text stands for no value. */
export interface AccountValues {
  name: string;
  website: string;
  phone: string;
  industry: string;
  employees: number | string;
  description: string;
}

export const EMPTY: AccountValues = {
  name: '',
  website: '',
  phone: '',
  industry: '',
  employees: '',
  description: '',
};

export function valuesOf(account: Account): AccountValues {
  return {
    name: account.name,
    website: account.website ?? '',
    phone: account.phone ?? '',
    industry: account.industry ?? '',
    employees: account.employees ?? '',
    description: account.description ?? '',
  };
}

function textOrNull(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed;
}

export function toCreate(values: AccountValues): AccountCreate {
  return {
    name: values.name.trim(),
    website: textOrNull(values.website),
    phone: textOrNull(values.phone),
    industry: textOrNull(values.industry),
    employees: values.employees === '' ? null : Number(values.employees),
    description: textOrNull(values.description),
  };
}

/** Only what was changed, so that two people editing different fields do not undo each other. */
export function toPatch(values: AccountValues, from: Account): AccountPatch {
  const wanted = toCreate(values);
  const before = toCreate(valuesOf(from));
  return Object.fromEntries(
    FIELDS.filter((field) => wanted[field] !== before[field]).map((field) => [
      field,
      wanted[field],
    ]),
  );
}
