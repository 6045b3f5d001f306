/** A field of the organisation's own while it is made or changed: which type takes what. Pure. */
import type { components } from '@abetworks/api-crm';
import type { FieldDescription, LocalizedText } from '@/features/records/description';
import { type InputValue, inputValue, sentValue } from '@/features/records/record-values';

type Schemas = components['schemas'];
export type CustomField = Schemas['CustomField'];
export type CustomType = Schemas['CustomType'];
export type FieldCreate = Schemas['FieldCreate'];
export type FieldPatch = Schemas['FieldPatch'];
type PickOption = Schemas['PickOption'];

export const TYPES: readonly CustomType[] = [
  'text',
  'long_text',
  'integer',
  'decimal',
  'currency',
  'percent',
  'date',
  'date_time',
  'boolean',
  'pick',
  'multi_pick',
  'email',
  'phone',
  'url',
  'user',
  'relation',
];

/** As many choices as a list may have. */
export const MOST_OPTIONS = 200;

/** The API's longest word: of slugs, sections, keys of choices. */
const LONGEST_WORD = 40;

export interface FieldValues extends Record<string, unknown> {
  type: CustomType;
  label: LocalizedText;
  slug: string;
  help: LocalizedText;
  section: string;
  scale: number | string;
  target: string;
  required: boolean;
  unique: boolean;
  indexed: boolean;
  default: InputValue;
  options: PickOption[];
  /** By the role's id; a role that is not named edits the field. */
  rights: Record<string, Schemas['FieldRight']>;
}

export function hasOptions(type: CustomType): boolean {
  return type === 'pick' || type === 'multi_pick';
}

/** What is long does not fit into an index, lists have no order. */
export function canBeIndexed(type: CustomType): boolean {
  return !['long_text', 'multi_pick', 'url'].includes(type);
}

export function canBeUnique(type: CustomType): boolean {
  return !['long_text', 'currency', 'percent', 'boolean', 'pick', 'multi_pick', 'url'].includes(
    type,
  );
}

/** Of what is unique only one record could have it; who or what it referred to could be gone. */
export function hasDefault({ type, unique }: Pick<FieldValues, 'type' | 'unique'>): boolean {
  return !unique && type !== 'user' && type !== 'relation';
}

/** A word of the API from what somebody calls it: `Größe (cm)` is `groesse_cm`. */
export function wordOf(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[äöü]/g, (letter) => `${letter.normalize('NFKD').charAt(0)}e`)
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+/, '')
    .replace(/^(?=\d)/, 'n');
  return plain.slice(0, LONGEST_WORD).replace(/_+$/, '');
}

/** What a field is called in JSON where nobody says otherwise. */
export function proposedSlug({ label }: Pick<FieldValues, 'label'>): string {
  return wordOf(label.en.trim() === '' ? label.de : label.en);
}

export function blankDefault(type: CustomType): InputValue {
  return inputValue(type, null);
}

const NO_TEXT: LocalizedText = { en: '', de: '' };

export function valuesOfField(field: CustomField | undefined): FieldValues {
  const type = field?.type ?? 'text';
  return {
    type,
    label: field?.label ?? NO_TEXT,
    slug: field?.name.replace(/^c_/, '') ?? '',
    help: field?.help ?? NO_TEXT,
    section: field?.section ?? 'details',
    scale: field?.scale ?? 2,
    target: field?.target ?? 'account',
    required: field?.required ?? false,
    unique: field?.unique ?? false,
    indexed: field?.indexed ?? false,
    default: inputValue(type, field?.default),
    options: field?.options ?? [],
    rights: {},
  };
}

/** The field as forms show it, for the input of its default. */
export function describedBy(values: FieldValues, label: LocalizedText): FieldDescription {
  return {
    name: 'default',
    type: values.type,
    label,
    help: null,
    section: values.section,
    required: false,
    default: null,
    unique: false,
    sortable: false,
    writable: true,
    custom: true,
    options: withKeys(values.options),
    target: null,
  };
}

/** One language is enough: the other says the same then. */
function bothLanguages({ en, de }: LocalizedText): LocalizedText {
  return { en: en.trim() === '' ? de : en, de: de.trim() === '' ? en : de };
}

/** A new choice gets its key from what it is called; one that records have keeps its own. */
export function withKeys(options: readonly PickOption[]): PickOption[] {
  const taken = new Set(options.map(({ key }) => key));
  return options.map(({ key, label: written }) => {
    const label = bothLanguages(written);
    if (key !== '') return { key, label };
    const word = wordOf(label.en) || 'option';
    const made = freeWord(word, taken);
    taken.add(made);
    return { key: made, label };
  });
}

function freeWord(word: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? word : `${word.slice(0, LONGEST_WORD - 4)}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** What can be changed later, too. */
function changeable(values: FieldValues) {
  const { type, required } = values;
  const label = bothLanguages(values.label);
  const help = bothLanguages(values.help);
  const value = hasDefault(values) ? sentValue(type, values.default) : null;
  return {
    label,
    help: help.en.trim() === '' ? null : help,
    required,
    // A box that is not ticked says nothing; neither does a list without choices.
    default: value === false || (Array.isArray(value) && value.length === 0) ? null : value,
    section: wordOf(values.section) || 'details',
    ...(hasOptions(type) ? { options: withKeys(values.options) } : {}),
  };
}

export function toFieldCreate(object: string, values: FieldValues): FieldCreate {
  const { type, slug, scale, target, rights } = values;
  const restricted = Object.entries(rights).filter(([, right]) => right !== 'edit');
  return {
    object,
    slug: slug.trim() === '' ? proposedSlug(values) : slug,
    type,
    ...changeable(values),
    ...(type === 'decimal' ? { scale: Number(scale) } : {}),
    ...(type === 'relation' ? { target } : {}),
    ...(restricted.length > 0 ? { rights: Object.fromEntries(restricted) } : {}),
  };
}

export function toFieldPatch(values: FieldValues): FieldPatch {
  const { type, unique, indexed } = values;
  return {
    ...changeable(values),
    unique: canBeUnique(type) && unique,
    indexed: canBeIndexed(type) && indexed,
  };
}

export interface Placed {
  field: CustomField;
  position: number;
}

/** The places that change when a field goes up (-1) or down (1) among the others of its section. */
export function moved(fields: readonly CustomField[], id: string, by: -1 | 1): Placed[] {
  const order = [...fields];
  const from = order.findIndex((field) => field.id === id);
  const section = order[from]?.section;
  let to = from + by;
  while (order[to] !== undefined && order[to]?.section !== section) to += by;
  const [one, other] = [order[from], order[to]];
  if (one === undefined || other === undefined) return [];
  [order[from], order[to]] = [other, one];
  return order
    .map((field, position) => ({ field, position }))
    .filter(({ field, position }) => field.position !== position);
}
