/** A record's fields by section. Each is read, and changed by itself where it stands. */
import { ActionIcon, Paper, Stack, Title } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NameOf } from '../components/field-cell-props';
import { FieldCell } from '../components/record-cells';
import { useNames } from '../components/use-names';
import {
  type CrmRecord,
  type FieldDescription,
  type ObjectDescription,
  withoutPrimaries,
} from '../description';
import { formFields } from '../record-values';
import { sections, useSectionName } from '../sections';
import { useText } from '../use-objects';
import { FieldEditor } from './field-editor';
import classes from './record-page.module.css';

/** What the engine counts for itself tells people nothing. */
const UNSHOWN = ['id', 'version'];

interface RecordFieldsProps {
  object: ObjectDescription;
  record: CrmRecord;
  readOnly: boolean;
}

export function RecordFields({ object, record, readOnly }: RecordFieldsProps) {
  const heading = useSectionName();
  const fields = useMemo(
    () => withoutPrimaries(object).filter(({ name }) => !UNSHOWN.includes(name)),
    [object],
  );
  const pages = useMemo(() => [[record]], [record]);
  const nameOf = useNames(fields, pages);
  const editable = new Set(formFields(object).map(({ name }) => name));
  const [editing, setEditing] = useState<string>();
  /** The one that was edited last gets the focus back. */
  const [left, setLeft] = useState<string>();
  const edit = (name: string) => {
    setLeft(undefined);
    setEditing(name);
  };
  return (
    <Stack gap="md">
      {sections(fields).map(([section, inIt]) => (
        <Paper key={section} withBorder radius="lg" p="md">
          <Title order={2} fz="md" mb="xs">
            {heading(section)}
          </Title>
          <dl style={{ margin: 0 }}>
            {inIt.map((field) =>
              editing === field.name ? (
                <FieldEditor
                  key={field.name}
                  object={object}
                  field={field}
                  record={record}
                  shown={
                    <FieldLine field={field} record={record} nameOf={nameOf} focused={false} />
                  }
                  onClose={() => {
                    setEditing(undefined);
                    setLeft(field.name);
                  }}
                />
              ) : (
                <FieldLine
                  key={field.name}
                  field={field}
                  record={record}
                  nameOf={nameOf}
                  focused={left === field.name}
                  onEdit={
                    readOnly || !editable.has(field.name) ? undefined : () => edit(field.name)
                  }
                />
              ),
            )}
          </dl>
        </Paper>
      ))}
    </Stack>
  );
}

interface FieldLineProps {
  field: FieldDescription;
  record: CrmRecord;
  nameOf: NameOf;
  focused: boolean;
  onEdit?: (() => void) | undefined;
}

function FieldLine({ field, record, nameOf, focused, onEdit }: FieldLineProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focused) button.current?.focus();
  }, [focused]);
  return (
    <div className={classes.field}>
      <dt>{text(field.label)}</dt>
      <dd>
        <FieldCell field={field} record={record} nameOf={nameOf} />
      </dd>
      {onEdit === undefined ? null : (
        <dd>
          <ActionIcon
            ref={button}
            variant="subtle"
            color="gray"
            aria-label={t('records.editField', { field: text(field.label) })}
            onClick={onEdit}
          >
            <IconPencil size={16} aria-hidden />
          </ActionIcon>
        </dd>
      )}
    </div>
  );
}
