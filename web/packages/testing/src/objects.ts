/** What the registry of a backend in memory tells: two objects, with a field of most types. */
import type { components } from '@abetworks/api-crm';

type Schemas = components['schemas'];
export type ObjectDescription = Schemas['Object'];
type Field = Schemas['Field'];

const ALL: Schemas['Level'] = 'all';
const LEVELS = { create: ALL, read: ALL, update: ALL, delete: ALL, export: ALL };

function field(
  name: string,
  type: string,
  en: string,
  de: string,
  more: Partial<Field> = {},
): Field {
  return {
    name,
    type,
    label: { en, de },
    help: null,
    section: 'details',
    required: false,
    default: null,
    unique: false,
    sortable: !['long_text', 'multi_pick', 'user', 'relation', 'choice'].includes(type),
    writable: true,
    custom: false,
    options: [],
    target: null,
    ...more,
  };
}

const option = (key: string, en: string, de: string) => ({ key, label: { en, de } });
const engine = { section: 'system', writable: false, required: true };
const required = { required: true };

const LAST = [
  field('owner_id', 'user', 'Owner', 'Zuständig'),
  field('created_at', 'date_time', 'Created', 'Angelegt', engine),
  field('updated_at', 'date_time', 'Changed', 'Geändert', engine),
];

/** What hangs on records; apart, since most tests need none of it. */
export const ACTIVITIES: ObjectDescription[] = [
  {
    name: 'task',
    path: 'tasks',
    label: { en: 'Task', de: 'Aufgabe' },
    plural: { en: 'Tasks', de: 'Aufgaben' },
    title: 'name',
    levels: LEVELS,
    fields: [
      field('name', 'text', 'Subject', 'Betreff', required),
      field('status', 'pick', 'Status', 'Status', {
        ...required,
        options: [option('open', 'Open', 'Offen'), option('done', 'Done', 'Erledigt')],
      }),
      field('due_at', 'date_time', 'Due', 'Fällig'),
      field('links', 'links', 'About', 'Betrifft', { sortable: false }),
      ...LAST,
    ],
  },
  {
    name: 'note',
    path: 'notes',
    label: { en: 'Note', de: 'Notiz' },
    plural: { en: 'Notes', de: 'Notizen' },
    title: 'body',
    levels: LEVELS,
    fields: [
      field('body', 'long_text', 'Note', 'Notiz', required),
      field('links', 'links', 'About', 'Betrifft', { sortable: false }),
    ],
  },
];

export const OBJECTS: ObjectDescription[] = [
  {
    name: 'account',
    path: 'accounts',
    label: { en: 'Account', de: 'Firma' },
    plural: { en: 'Accounts', de: 'Firmen' },
    title: 'name',
    levels: LEVELS,
    fields: [
      field('name', 'text', 'Name', 'Name', required),
      field('website', 'url', 'Website', 'Website'),
      field('phone', 'phone', 'Phone', 'Telefon'),
      field('industry', 'text', 'Industry', 'Branche'),
      field('employees', 'integer', 'Employees', 'Beschäftigte'),
      field('parent_id', 'relation', 'Part of', 'Teil von', { target: 'account' }),
      field('description', 'long_text', 'Description', 'Beschreibung'),
      field('city', 'text', 'City', 'Ort', { section: 'address' }),
      ...LAST,
    ],
  },
  {
    name: 'lead',
    path: 'leads',
    label: { en: 'Lead', de: 'Lead' },
    plural: { en: 'Leads', de: 'Leads' },
    title: 'last_name',
    levels: LEVELS,
    fields: [
      field('first_name', 'text', 'First name', 'Vorname'),
      field('last_name', 'text', 'Last name', 'Nachname', required),
      field('company', 'text', 'Company', 'Unternehmen'),
      field('email', 'email', 'E-mail', 'E-Mail'),
      field('status', 'pick', 'Status', 'Status', {
        ...required,
        options: [
          option('new', 'New', 'Neu'),
          option('working', 'Working', 'In Arbeit'),
          option('qualified', 'Qualified', 'Qualifiziert'),
        ],
      }),
      field('value', 'currency', 'Value', 'Wert'),
      field('tags', 'tags', 'Tags', 'Tags', { sortable: false }),
      ...LAST,
    ],
  },
];
