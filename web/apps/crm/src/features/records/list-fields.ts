/** Which fields a list shows beside the title and the last change. Pure. */
import { type FieldDescription, holdsAddresses, type ObjectDescription } from './description';

/** What people look for first; an object that is not named here shows its first fields. */
const CHOSEN: Record<string, string[]> = {
  account: ['industry', 'phone', 'employees'],
  contact: ['account_id', 'email', 'phone'],
  lead: ['company', 'status', 'value'],
  opportunity: ['account_id', 'stage_id', 'amount', 'close_date'],
  task: ['status', 'priority', 'due_at', 'owner_id'],
};

/** With the title and the last change six columns, which fit a screen. */
const MOST = 4;
const TOO_LONG = ['long_text', 'id', 'links'];
/** What the engine counts for itself tells people nothing. */
const UNSHOWN = ['id', 'version'];

/** All that a list can show beside the title and the last change. */
export function columnFields(object: ObjectDescription): FieldDescription[] {
  return object.fields.filter(
    ({ name, type }) =>
      !holdsAddresses({ type }) &&
      type !== 'participants' &&
      name !== object.title &&
      name !== 'updated_at' &&
      !UNSHOWN.includes(name) &&
      !TOO_LONG.includes(type),
  );
}

/** `columns`: the names that somebody has chosen; what is no more is left out. */
export function shownFields(
  object: ObjectDescription,
  columns: string | undefined,
): FieldDescription[] {
  if (columns === undefined) return listFields(object);
  const known = columnFields(object);
  const names = [...new Set(columns.split(','))];
  return names.flatMap((name) => known.find((field) => field.name === name) ?? []);
}

/** The names with one of them a place nearer to the beginning (-1) or the end; there it stays. */
export function moved(names: readonly string[], name: string, by: -1 | 1): string[] {
  const from = names.indexOf(name);
  const other = names[from + by];
  if (from === -1 || other === undefined) return [...names];
  return names.with(from, other).with(from + by, name);
}

export function listFields(object: ObjectDescription): FieldDescription[] {
  const readable = columnFields(object).filter(({ section }) => section !== 'system');
  const chosen = CHOSEN[object.name];
  if (chosen === undefined) return readable.slice(0, MOST);
  return chosen.flatMap((name) => readable.find((field) => field.name === name) ?? []);
}
