/**
 * One field while it is changed where it stands. What is saved shows at once; a refusal brings the
 * old value back, and the input with what was typed.
 */
import { Box, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FieldEditForm } from '../components/field-edit-form';
import { useRecordEdit } from '../components/use-record-edit';
import type { CrmRecord, FieldDescription, ObjectDescription } from '../description';

interface FieldEditorProps {
  object: ObjectDescription;
  field: FieldDescription;
  record: CrmRecord;
  /** What stands there while the change is on its way. */
  shown: ReactNode;
  onClose: () => void;
}

export function FieldEditor({ object, field, record, shown, onClose }: FieldEditorProps) {
  const { t } = useTranslation('crm');
  const edit = useRecordEdit({ object, loaded: record, onDone: onClose });
  if (edit.isSaving) {
    return (
      <div aria-busy>
        {shown}
        <Text size="xs" c="dimmed" role="status">
          {t('inline.saving')}
        </Text>
      </div>
    );
  }
  return (
    <Box py="xs">
      <FieldEditForm object={object} field={field} edit={edit} onClose={onClose} />
    </Box>
  );
}
