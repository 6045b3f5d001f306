/** What the registry tells of objects and fields, and the few questions the pages ask of it. Pure. */
import type { components } from '@abetworks/api-crm';

type Schemas = components['schemas'];
export type ObjectDescription = Schemas['Object'];
export type FieldDescription = Schemas['Field'];
export type LocalizedText = Schemas['Text'];
export type Money = Schemas['Money'];
/** A contact that takes part in an opportunity. */
export type Participant = Schemas['Participant'];
/** One of several e-mail addresses or phone numbers. */
export type Address = Schemas['Address'];
export type RecordLink = Schemas['Link'];

/** A record of any object: the engine's fields, and its own under the names of the registry. */
export interface CrmRecord {
  id: string;
  version: number;
  updated_at?: string;
  /** Fields that refer to a record which the reader may not see. */
  hidden?: string[];
  [field: string]: unknown;
}

export type Action = 'read' | 'create' | 'update' | 'delete' | 'export';

export function may(object: ObjectDescription, action: Action): boolean {
  return (object.levels[action] ?? 'none') !== 'none';
}

/** Notes are shown on the records they hang on, never in a list of their own. */
const WITHOUT_LIST = 'note';

/** The objects that have a list, in the order of the navigation. */
export function listed(objects: readonly ObjectDescription[]): ObjectDescription[] {
  return objects.filter(({ name }) => name !== WITHOUT_LIST);
}

export function textIn({ en, de }: LocalizedText, language: string): string {
  return language === 'de' ? de : en;
}

/** What stands before the title where that is only a part of a name. */
const BEFORE_TITLE: Record<string, string> = { last_name: 'first_name' };

/** The fields whose values, one after another, name a record to people: a person has two. */
export function titleFields(object: ObjectDescription): string[] {
  const before = BEFORE_TITLE[object.title];
  const isThere = before !== undefined && fieldOf(object, before) !== undefined;
  return isThere ? [before, object.title] : [object.title];
}

export function titleOf(object: ObjectDescription, record: CrmRecord): string {
  return titleFields(object)
    .map((name) => record[name])
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ');
}

/** Whether a field holds several addresses; its target is the field with the primary one. */
export function holdsAddresses({ type }: Pick<FieldDescription, 'type'>): boolean {
  return type === 'emails' || type === 'phones';
}

/** Where a record is shown whole, all addresses stand for the primary one. */
export function withoutPrimaries(object: ObjectDescription): FieldDescription[] {
  const primaries = object.fields.filter(holdsAddresses).map(({ target }) => target);
  return object.fields.filter(({ name }) => !primaries.includes(name));
}

export function fieldOf(object: ObjectDescription, name: string): FieldDescription | undefined {
  return object.fields.find((field) => field.name === name);
}
