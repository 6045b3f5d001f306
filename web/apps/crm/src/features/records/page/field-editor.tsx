/** One field while it is changed, and changes by others met while saving it. */
import { Alert, Button, Group, Stack } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServerForm } from '../../../app/use-server-form';
import { useUpdateRecord } from '../api/records';
import { type Conflict, ConflictNotice, conflictOf } from '../components/conflict-notice';
import { FieldInput } from '../components/field-input';
import type { CrmRecord, FieldDescription, ObjectDescription } from '../description';
import { type RecordValues, toPatch, valuesOf } from '../record-values';

interface FieldEditorProps {
  object: ObjectDescription;
  field: FieldDescription;
  record: CrmRecord;
  onClose: () => void;
}

export function FieldEditor({ object, field, record, onClose }: FieldEditorProps) {
  const { t } = useTranslation('crm');
  const update = useUpdateRecord(object);
  /** What the input started from: a refetch must not move it under the typing. */
  const [base, setBase] = useState(record);
  const [conflict, setConflict] = useState<Conflict>();
  const { form, refusal, clear, refuse } = useServerForm<RecordValues>(valuesOf(object, record), [
    field.name,
  ]);
  const save = (values: RecordValues, over: CrmRecord) => {
    clear();
    setConflict(undefined);
    const patch = toPatch(object, values, valuesOf(object, base));
    if (Object.keys(patch).length === 0) return onClose();
    update.mutate(
      { base: over, patch },
      {
        onSuccess: onClose,
        onError: (error) => {
          const met = conflictOf(error, base, object);
          if (met === undefined) refuse(error);
          else setConflict(met);
        },
      },
    );
  };
  const takeTheirs = (current: CrmRecord) => {
    setBase(current);
    setConflict(undefined);
    form.setValues(valuesOf(object, current));
  };
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
    if (event.key === 'Escape' && !event.defaultPrevented) onClose();
  };
  return (
    <form
      ref={frame}
      tabIndex={-1}
      style={{ outline: 'none' }}
      noValidate
      onSubmit={form.onSubmit((values) => save(values, base))}
      onKeyDown={leave}
      aria-label={t('records.editing')}
    >
      <Stack gap="xs" py="xs">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        {conflict === undefined ? null : (
          <ConflictNotice
            object={object}
            conflict={conflict}
            onTheirs={takeTheirs}
            onMine={(current) => save(form.getValues(), current)}
          />
        )}
        <FieldInput
          field={field}
          readOnly={false}
          autoFocus
          input={form.getInputProps(field.name)}
        />
        <Group gap="xs">
          <Button type="submit" size="xs" loading={update.isPending}>
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
