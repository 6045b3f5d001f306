/**
 * A cell of a list while it is changed. What is saved shows in the cell at once; a refusal brings the
 * old value back, and the input at the cell with what was typed.
 */
import { useReturnFocus } from '@abetworks/ui';
import { Loader, Popover, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CrmRecord, FieldDescription, ObjectDescription } from '../description';
import { useText } from '../use-objects';
import { FieldEditForm } from './field-edit-form';
import { useRecordEdit } from './use-record-edit';

interface CellEditorProps {
  object: ObjectDescription;
  field: FieldDescription;
  record: CrmRecord;
  onClose: () => void;
  /** The cell as it is read. */
  children: ReactNode;
}

export function CellEditor({ object, field, record, onClose, children }: CellEditorProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const edit = useRecordEdit({ object, loaded: record, onDone: onClose });
  useReturnFocus();
  return (
    <Popover
      opened={!edit.isSaving}
      width={320}
      position="bottom-start"
      shadow="md"
      withinPortal
      withRoles={false}
      trapFocus
      closeOnEscape={false}
      closeOnClickOutside={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <span aria-busy={edit.isSaving}>
          {children}
          {edit.isSaving ? (
            <span role="status">
              <Loader size={12} ml={6} aria-hidden />
              <VisuallyHidden>{t('inline.saving')}</VisuallyHidden>
            </span>
          ) : null}
        </span>
      </Popover.Target>
      <Popover.Dropdown
        role="dialog"
        aria-label={t('records.editField', { field: text(field.label) })}
      >
        <FieldEditForm object={object} field={field} edit={edit} onClose={onClose} />
      </Popover.Dropdown>
    </Popover>
  );
}
