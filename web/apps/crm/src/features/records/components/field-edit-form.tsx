/** The form of one field: its input, what was refused, and changes by others met while saving it. */
import { Alert, Button, Group, Stack } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldDescription, ObjectDescription } from '../description';
import { EditConflict } from './edit-conflict';
import { FieldInput } from './field-input';
import type { useRecordEdit } from './use-record-edit';

interface FieldEditFormProps {
  object: ObjectDescription;
  field: FieldDescription;
  edit: ReturnType<typeof useRecordEdit>;
  onClose: () => void;
}

export function FieldEditForm({ object, field, edit, onClose }: FieldEditFormProps) {
  const { t } = useTranslation('crm');
  const { form, refusal, conflict, save } = edit;
  const isUndone =
    refusal !== undefined || conflict !== undefined || form.errors[field.name] !== undefined;
  // What was pressed is gone; a choice that is still being loaded leaves the focus to its form.
  const frame = useRef<HTMLFormElement>(null);
  const { getInputNode } = form;
  useEffect(() => {
    // Whoever types in it already stays where they are: a field may have several inputs.
    if (frame.current?.contains(document.activeElement)) return;
    (getInputNode(field.name) ?? frame.current)?.focus();
  }, [getInputNode, field.name]);
  const leave = (event: KeyboardEvent) => {
    // An open list of choices takes the key for itself.
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    onClose();
  };
  return (
    <form
      ref={frame}
      tabIndex={-1}
      style={{ outline: 'none' }}
      noValidate
      onSubmit={form.onSubmit(() => save())}
      onKeyDown={leave}
      aria-label={t('records.editing')}
    >
      <Stack gap="xs">
        {isUndone ? (
          <Alert color="red" p="xs">
            {t('inline.undone')} {refusal}
          </Alert>
        ) : null}
        <EditConflict object={object} edit={edit} />
        <FieldInput
          field={field}
          readOnly={false}
          autoFocus
          input={form.getInputProps(field.name)}
        />
        <Group gap="xs">
          <Button type="submit" size="xs">
            {t('actions.save')}
          </Button>
          <Button size="xs" variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
