/** Which lists belong to a record: of whatever refers to it, as the registry tells. Pure. */
import {
  type FieldDescription,
  listed,
  may,
  type ObjectDescription,
  type Participant,
} from './description';
import type { ListFilter } from './filter/filter';

/** Records of `object` refer by `field` to the record that is looked at. */
export interface Relation {
  object: ObjectDescription;
  field: FieldDescription;
  /** Whether the object has a list of its own to go to. */
  hasList: boolean;
  /** Whether its name alone would not say which of the lists it is. */
  isAmbiguous: boolean;
}

const LINKS = 'links';
const PARTICIPANTS = 'participants';

/** In the order of the navigation. */
export function relationsTo(
  objects: readonly ObjectDescription[],
  target: ObjectDescription,
): Relation[] {
  const lists = listed(objects);
  return objects
    .filter((object) => may(object, 'read'))
    .flatMap((object) => {
      const fields = object.fields.filter((field) => refersTo(field, object, target));
      const isAmbiguous = fields.length > 1 || object.name === target.name;
      return fields.map((field) => ({
        object,
        field,
        hasList: lists.includes(object),
        isAmbiguous,
      }));
    });
}

function refersTo(
  field: FieldDescription,
  object: ObjectDescription,
  target: ObjectDescription,
): boolean {
  if (field.type === 'relation' || field.type === PARTICIPANTS) return field.target === target.name;
  // What hangs on records hangs on those of any other object that people own.
  const isOwned = target.fields.some(({ type }) => type === 'user');
  return field.type === LINKS && object.name !== target.name && isOwned;
}

/** The records of a relation, as a list narrows to them. */
export function filterOf({ field }: Relation, target: ObjectDescription, id: string): ListFilter {
  const several = { field: field.name, op: 'any_of' };
  const where =
    field.type === LINKS
      ? { ...several, value: [{ object: target.name, id }] }
      : field.type === PARTICIPANTS
        ? { ...several, value: [id] }
        : { field: field.name, op: 'eq', value: id };
  return { v: 1, where: { and: [where] } };
}

/** What a new record of a relation begins with, as the API takes it. */
export function presetOf(
  { field }: Relation,
  target: ObjectDescription,
  id: string,
): Record<string, unknown> {
  if (field.type === LINKS) return { [field.name]: [{ object: target.name, id }] };
  if (field.type !== PARTICIPANTS) return { [field.name]: id };
  // It begins with them, so they stand for all until somebody says otherwise.
  const first: Participant = { contact_id: id, role: null, primary: true };
  return { [field.name]: [first] };
}
