/** A role's rights while they are edited: what is shown, what was changed, what is sent. Pure. */
import type { components } from '@abetworks/api-crm';
import { holdsAddresses, type ObjectDescription } from '@/features/records/description';
import type { RoleDetails } from './api/roles';

type Schemas = components['schemas'];
/** An area of the settings that one manages. */
export type Area = Schemas['Area'];
export type Level = Schemas['Level'];
export type FieldRight = Schemas['FieldRight'];
export type Action = Schemas['Action'];

export const LEVELS: readonly Level[] = ['none', 'own', 'team', 'team_and_below', 'all'];
export const FIELD_RIGHTS: readonly FieldRight[] = ['edit', 'read', 'none'];
export const ACTIONS: readonly Action[] = [
  'read',
  'create',
  'update',
  'delete',
  'assign',
  'export',
  'import',
  'erase',
];
export const AREAS: readonly Area[] = [
  'users',
  'roles',
  'teams',
  'fields',
  'pipelines',
  'views',
  'organisation',
  'security',
  'api_keys',
  'jobs',
  'audit',
];

/** One right by its place: `levels.lead.read`, `fields.lead.value`, `areas.users`. */
export type Changes = Record<string, string | boolean>;

/** Notes are read by whoever reads what they hang on: no level says so. */
export function hasLevel({ name }: ObjectDescription, action: Action): boolean {
  return !(name === 'note' && action === 'read');
}

/** Those that a role can restrict: not the title, not what the engine keeps, no list beside its primary one. */
export function restrictable(object: ObjectDescription) {
  return object.fields.filter(
    (field) => field.name !== object.title && field.section !== 'system' && !holdsAddresses(field),
  );
}

export function levelOf(
  role: RoleDetails,
  changes: Changes,
  object: string,
  action: Action,
): Level {
  const given = (role.levels?.[object] as Partial<Record<Action, Level>> | undefined)?.[action];
  return (changes[`levels.${object}.${action}`] as Level | undefined) ?? given ?? 'none';
}

export function rightOf(
  role: RoleDetails,
  changes: Changes,
  object: string,
  field: string,
): FieldRight {
  const given = role.fields?.[object]?.[field];
  return (changes[`fields.${object}.${field}`] as FieldRight | undefined) ?? given ?? 'edit';
}

export function managesOf(role: RoleDetails, changes: Changes, area: Area): boolean {
  return (changes[`areas.${area}`] as boolean | undefined) ?? role.areas?.[area] ?? false;
}

/** What a place holds in the role as it is stored. */
function storedAt(role: RoleDetails, place: string): string | boolean {
  const [kind, one = '', two = ''] = place.split('.');
  if (kind === 'areas') return managesOf(role, {}, one as Area);
  if (kind === 'levels') return levelOf(role, {}, one, two as Action);
  return rightOf(role, {}, one, two);
}

/** The changes with one more; a right put back to what it was is none. */
export function withChange(
  role: RoleDetails,
  changes: Changes,
  place: string,
  value: string | boolean,
): Changes {
  const { [place]: _, ...others } = changes;
  return storedAt(role, place) === value ? others : { ...others, [place]: value };
}

/** What the API takes: only what was changed. */
export function toRights(changes: Changes): Schemas['Matrix'] {
  const rights: Record<string, Record<string, unknown>> = {};
  for (const [place, value] of Object.entries(changes)) {
    const [kind = '', one = '', two] = place.split('.');
    const ofKind = rights[kind] ?? {};
    rights[kind] = ofKind;
    if (two === undefined) ofKind[one] = value;
    else ofKind[one] = { ...(ofKind[one] as object | undefined), [two]: value };
  }
  return rights as Schemas['Matrix'];
}
