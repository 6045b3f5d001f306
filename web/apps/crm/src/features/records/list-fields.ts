/** Which fields a list shows beside the title and the last change. Pure. */
import type { FieldDescription, ObjectDescription } from './description';

/** What people look for first; an object that is not named here shows its first fields. */
const CHOSEN: Record<string, string[]> = {
  account: ['industry', 'phone', 'employees'],
  contact: ['first_name', 'account_id', 'email', 'phone'],
  lead: ['first_name', 'company', 'status', 'value'],
  opportunity: ['account_id', 'stage_id', 'amount', 'close_date'],
  task: ['status', 'priority', 'due_at', 'owner_id'],
};

/** With the title and the last change six columns, which fit a screen. */
const MOST = 4;
const TOO_LONG = ['long_text', 'tags', 'team', 'id'];

export function listFields(object: ObjectDescription): FieldDescription[] {
  const readable = object.fields.filter(
    ({ name, type, section }) =>
      name !== object.title && section !== 'system' && !TOO_LONG.includes(type),
  );
  const chosen = CHOSEN[object.name];
  if (chosen === undefined) return readable.slice(0, MOST);
  return chosen.flatMap((name) => readable.find((field) => field.name === name) ?? []);
}
