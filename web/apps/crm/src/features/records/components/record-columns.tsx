/** The columns of a list, made from the fields of its object. */
import type { GridColumn } from '@abetworks/ui';
import { useMemo } from 'react';
import {
  type CrmRecord,
  type FieldDescription,
  fieldOf,
  type ObjectDescription,
  titleOf,
} from '../description';
import { useText } from '../use-objects';
import { FieldCell, type NameOf, RecordLink } from './record-cells';

const AT_END = ['integer', 'decimal', 'percent', 'currency', 'date', 'date_time'];

export function useRecordColumns(
  object: ObjectDescription,
  fields: FieldDescription[],
  nameOf: NameOf,
): GridColumn<CrmRecord>[] {
  const text = useText();
  return useMemo(() => {
    const column = (field: FieldDescription): GridColumn<CrmRecord> => ({
      key: field.name,
      label: text(field.label),
      width: AT_END.includes(field.type) ? 'minmax(130px, 170px)' : 'minmax(120px, 1fr)',
      sortable: field.sortable,
      alignEnd: AT_END.includes(field.type),
      render: (record) => <FieldCell field={field} record={record} nameOf={nameOf} />,
    });
    const title = fieldOf(object, object.title);
    const changed = fieldOf(object, 'updated_at');
    return [
      {
        key: object.title,
        label: text(title?.label ?? object.label),
        width: 'minmax(180px, 2fr)',
        sortable: title?.sortable ?? false,
        render: (record) => (
          <RecordLink path={object.path} id={record.id} title={titleOf(object, record)} />
        ),
      },
      ...fields.map((field) => ({ ...column(field), wideOnly: true })),
      ...(changed === undefined ? [] : [column(changed)]),
    ];
  }, [object, fields, nameOf, text]);
}
