/** The state of a record's form. */
import { useServerForm } from '@abetworks/app-kit';
import type { ObjectDescription } from '../description';
import { formFields, type RecordValues } from '../record-values';

export function useRecordForm(object: ObjectDescription, initialValues: RecordValues) {
  return useServerForm<RecordValues>(
    initialValues,
    formFields(object).map(({ name }) => name),
  );
}
