/** The fields that admins made in a backend in memory, and the registry with them. */
import type { components } from '@abetworks/api-crm';
import type { ObjectDescription } from './objects.ts';

type Schemas = components['schemas'];
export type CustomField = Schemas['CustomField'];

const UNSORTED = ['long_text', 'multi_pick', 'user', 'relation'];

/** As the plan of the real server has them, but for fewer fields. */
const MOST_LIVE = 4;

export class FakeFields {
  all: CustomField[] = [];
  private made = 0;

  constructor(private readonly standard: ObjectDescription[]) {}

  objects(): ObjectDescription[] {
    return this.standard.map((object) => {
      const own = this.of(object.name).filter(({ archived }) => !archived);
      // The engine's own come last, as on the real server.
      const system = object.fields.filter(({ section }) => section === 'system');
      const others = object.fields.filter(({ section }) => section !== 'system');
      return { ...object, fields: [...others, ...own.map(described), ...system] };
    });
  }

  /** In the order of forms. */
  of(object: string): CustomField[] {
    return this.all
      .filter((field) => field.object === object)
      .toSorted((one, other) => one.position - other.position);
  }

  isFull(object: string): boolean {
    return this.of(object).filter(({ archived }) => !archived).length >= MOST_LIVE;
  }

  get limit(): { limit: number; used: number } {
    return { limit: MOST_LIVE, used: MOST_LIVE };
  }

  add(input: Schemas['FieldCreate']): CustomField {
    this.made += 1;
    const { object, slug, type, label } = input;
    const field: CustomField = {
      id: `01960000-0000-7000-8000-${this.made.toString(16).padStart(12, '0')}`,
      version: 1,
      object,
      name: `c_${slug}`,
      type,
      label,
      help: input.help ?? null,
      required: input.required ?? false,
      unique: false,
      indexed: false,
      index_pending: false,
      unique_failed: false,
      default: input.default ?? null,
      options: input.options ?? [],
      target: input.target ?? null,
      scale: input.scale ?? null,
      section: input.section ?? 'details',
      position: input.position ?? this.of(object).length,
      archived: false,
    };
    this.all = [...this.all, field];
    return field;
  }

  change(before: CustomField, patch: Schemas['FieldPatch']): CustomField {
    const after = { ...before, ...patch, version: before.version + 1 };
    this.all = this.all.map((field) => (field.id === before.id ? after : field));
    return after;
  }
}

function described(field: CustomField): Schemas['Field'] {
  const { name, type, label, help, section, required, unique, options, target } = field;
  return {
    name,
    type,
    label,
    help,
    section,
    required,
    default: field.default,
    unique,
    sortable: !UNSORTED.includes(type),
    writable: true,
    custom: true,
    options,
    target,
  };
}
