/** The fields that a filter of an object reaches: its own, and those of records that it refers to. Pure. */
import { type FieldDescription, may, type ObjectDescription } from '../description';
import { operatorsOf } from './operators';

/** Fields under one heading; the object's own have none. */
export interface FieldGroup {
  way: FieldDescription | undefined;
  fields: FieldDescription[];
}

/** One step far: the API goes two, and people lose the thread. */
export function fieldGroups(
  object: ObjectDescription,
  objects: readonly ObjectDescription[],
): FieldGroup[] {
  const far = object.fields.flatMap((way) => {
    const target = objects.find(({ name }) => refers(way) && name === way.target);
    if (target === undefined || !may(target, 'read')) return [];
    return [{ way, fields: filterable(target).map((field) => through(way, field)) }];
  });
  return [{ way: undefined, fields: filterable(object) }, ...far];
}

/** The object as a filter sees it: each field under its path. */
export function withReach(object: ObjectDescription, groups: readonly FieldGroup[]) {
  const far = groups.flatMap(({ way, fields }) => (way === undefined ? [] : fields));
  return { ...object, fields: [...object.fields, ...far] };
}

function refers({ type }: FieldDescription): boolean {
  return type === 'relation' || type === 'participants';
}

function filterable({ fields }: ObjectDescription): FieldDescription[] {
  return fields.filter((field) => operatorsOf(field).length > 0);
}

/** A path leaves `_id` away, but for fields that people have made: `account.city`, `contacts.city`, `c_partner.city`. */
function through(way: FieldDescription, field: FieldDescription): FieldDescription {
  const step = way.custom ? way.name : way.name.replace(/_id$/, '');
  const label = {
    en: `${way.label.en}: ${field.label.en}`,
    de: `${way.label.de}: ${field.label.de}`,
  };
  return { ...field, name: `${step}.${field.name}`, label };
}
