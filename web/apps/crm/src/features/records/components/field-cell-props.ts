/** What a field's cell takes: its value, and the names of what it refers to. */
import type { CrmRecord, FieldDescription } from '../description';
import type { Colour } from './tag-badge';

/** What a field refers to, as people know it. */
export interface Named {
  name: string;
  /** Of a tag. */
  colour?: Colour;
}

/** `undefined` while it is on its way, or where it is gone. */
export type NameOf = (field: FieldDescription, id: string) => Named | undefined;

export interface FieldCellProps {
  field: FieldDescription;
  record: CrmRecord;
  nameOf: NameOf;
}
