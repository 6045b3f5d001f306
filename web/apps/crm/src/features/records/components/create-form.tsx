/** The form of a new record, wherever it stands. */
import { Alert, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreateRecord } from '../api/records';
import { type CrmRecord, fieldOf, type ObjectDescription, titleOf } from '../description';
import { formFields, inputValue, type RecordValues, toCreate, valuesOf } from '../record-values';
import { RecordForm } from './record-form';
import { useRecordForm } from './use-record-form';

interface CreateFormProps {
  object: ObjectDescription;
  /** What it begins with, as the API takes it; what has no input is sent along as it is. */
  preset?: Record<string, unknown>;
  /** What the preset means, in words. */
  about?: ReactNode;
  onCreated: (record: CrmRecord) => void;
  onCancel: () => void;
}

export function CreateForm({ object, preset = {}, about, onCreated, onCancel }: CreateFormProps) {
  const { t } = useTranslation('crm');
  const create = useCreateRecord(object);
  const { form, refusal, clear, refuse } = useRecordForm(object, initialValues(object, preset));
  const submit = form.onSubmit((values) => {
    clear();
    create.mutate(
      { ...withoutInput(object, preset), ...toCreate(object, values) },
      {
        onSuccess: (record) => {
          const message = t('records.created', { name: titleOf(object, record) });
          notifications.show({ color: 'green', message });
          onCreated(record);
        },
        onError: refuse,
      },
    );
  });
  return (
    <RecordForm
      object={object}
      form={form}
      pending={create.isPending}
      notice={
        <>
          {about === undefined ? null : (
            <Text size="sm" c="dimmed">
              {about}
            </Text>
          )}
          {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        </>
      }
      onSubmit={submit}
      onCancel={onCancel}
    />
  );
}

function initialValues(object: ObjectDescription, preset: Record<string, unknown>): RecordValues {
  const values = valuesOf(object, undefined);
  for (const { name, type } of formFields(object)) {
    if (name in preset) values[name] = inputValue(type, preset[name]);
  }
  return values;
}

function withoutInput(object: ObjectDescription, preset: Record<string, unknown>) {
  const inputs = formFields(object).map(({ name }) => name);
  return Object.fromEntries(
    Object.entries(preset).filter(
      ([name]) => !inputs.includes(name) && fieldOf(object, name)?.writable === true,
    ),
  );
}
