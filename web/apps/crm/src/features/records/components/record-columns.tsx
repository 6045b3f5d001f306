/** The columns of a list, made from the fields of its object. */
import type { GridColumn } from '@abetworks/ui';
import { useMediaQuery } from '@mantine/hooks';
import { IconPencil } from '@tabler/icons-react';
import { Fragment, lazy, type ReactNode, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type CrmRecord,
  type FieldDescription,
  fieldOf,
  type ObjectDescription,
  titleFields,
  titleOf,
} from '../description';
import { useText } from '../use-objects';
import type { NameOf } from './field-cell-props';
import { FieldCell, RecordLink } from './record-cells';
import classes from './record-cells.module.css';
import type { CellEditing } from './use-cell-editing';

const CellEditor = lazy(async () => ({ default: (await import('./cell-editor')).CellEditor }));

const AT_END = ['integer', 'decimal', 'percent', 'currency', 'date', 'date_time'];

/** Where there is no room for columns beside one another, as on a phone. */
const NARROW = '(max-width: 47.99em)';
/** What says something without the name of its column. */
const TELLING = ['text', 'pick', 'email', 'phone', 'user', 'relation', 'choice', 'tags', 'date'];
const MOST_TOLD = 2;

export function useRecordColumns(
  object: ObjectDescription,
  fields: FieldDescription[],
  nameOf: NameOf,
  editing: CellEditing | undefined,
): GridColumn<CrmRecord>[] {
  const { t } = useTranslation('crm');
  const text = useText();
  const isNarrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  return useMemo(() => {
    const cellOf = (field: FieldDescription) => {
      // Once a column: asked for in each cell, words took a quarter of the list's time.
      const label = t('records.editField', { field: text(field.label) });
      return (record: CrmRecord, shown: ReactNode) =>
        editing === undefined ? (
          shown
        ) : (
          <EditableCell
            object={object}
            field={field}
            record={record}
            editing={editing}
            label={label}
          >
            {shown}
          </EditableCell>
        );
    };
    const column = (field: FieldDescription): GridColumn<CrmRecord> => {
      const cell = cellOf(field);
      return {
        key: field.name,
        label: text(field.label),
        width: AT_END.includes(field.type) ? 'minmax(130px, 170px)' : 'minmax(120px, 1fr)',
        sortable: field.sortable,
        alignEnd: AT_END.includes(field.type),
        render: (record) =>
          cell(record, <FieldCell field={field} record={record} nameOf={nameOf} />),
      };
    };
    const title = fieldOf(object, object.title);
    const titleCell = title === undefined ? undefined : cellOf(title);
    const changed = object.fields.filter(({ name }) => name === 'updated_at');
    const link = (record: CrmRecord) => (
      <RecordLink path={object.path} id={record.id} title={titleOf(object, record)} />
    );
    const isName = titleFields(object).length > 1;
    const first: GridColumn<CrmRecord> = {
      key: object.title,
      label: isName ? t('records.name') : text(title?.label ?? object.label),
      width: 'minmax(180px, 2fr)',
      sortable: title?.sortable ?? false,
      render: (record) =>
        titleCell === undefined ? link(record) : titleCell(record, link(record)),
    };
    if (!isNarrow) return [first, ...[...fields, ...changed].map(column)];
    // On a phone: what it is called, below that what tells it from others, beside it what it is worth.
    const worth = fields.find(({ type }) => type === 'currency');
    const told = fields.filter((field) => TELLING.includes(field.type));
    const both: GridColumn<CrmRecord> = {
      ...first,
      width: 'minmax(0, 1fr)',
      render: (record) => (
        <>
          {link(record)}
          <Told fields={told} record={record} nameOf={nameOf} />
        </>
      ),
    };
    return [both, ...(worth === undefined ? [] : [{ ...column(worth), width: 'auto' }])];
  }, [object, fields, nameOf, t, text, editing, isNarrow]);
}

interface ToldProps {
  fields: FieldDescription[];
  record: CrmRecord;
  nameOf: NameOf;
}

function Told({ fields, record, nameOf }: ToldProps) {
  const filled = fields.filter(({ name }) => record[name] != null).slice(0, MOST_TOLD);
  if (filled.length === 0) return null;
  return (
    <div className={classes.told}>
      {filled.map((field, place) => (
        <Fragment key={field.name}>
          {place === 0 ? null : ' · '}
          <FieldCell field={field} record={record} nameOf={nameOf} />
        </Fragment>
      ))}
    </div>
  );
}

interface EditableCellProps {
  object: ObjectDescription;
  field: FieldDescription;
  record: CrmRecord;
  editing: CellEditing;
  /** Of the button that begins to change it. */
  label: string;
  children: ReactNode;
}

/** The pencil is for who points at the cell; with keys the cell itself is changed. */
function EditableCell({ object, field, record, editing, label, children }: EditableCellProps) {
  const { cell, mayEdit, start, stop } = editing;
  if (cell?.id === record.id && cell.field === field.name) {
    return (
      <Suspense fallback={children}>
        <CellEditor object={object} field={field} record={record} onClose={stop}>
          {children}
        </CellEditor>
      </Suspense>
    );
  }
  if (!mayEdit(field.name)) return children;
  // Before what ends at the cell's end, so that this stays where it is.
  const isBefore = AT_END.includes(field.type);
  return (
    <>
      {isBefore ? null : children}
      <button
        type="button"
        tabIndex={-1}
        className={classes.pencil}
        aria-label={label}
        onClick={() => start(record, field.name)}
      >
        <IconPencil size={14} aria-hidden />
      </button>
      {isBefore ? children : null}
    </>
  );
}
