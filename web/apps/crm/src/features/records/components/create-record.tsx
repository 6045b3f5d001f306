/** A new record. */
import { Alert } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { useCreateRecord } from '../api/records';
import { type ObjectDescription, titleOf } from '../description';
import { toCreate, valuesOf } from '../record-values';
import { useObjectWords } from '../use-objects';
import { RecordDrawer, useCloseDrawer } from './record-drawer';
import { RecordForm } from './record-form';
import { useRecordForm } from './use-record-form';

export function CreateRecord({ object }: { object: ObjectDescription }) {
  const { t } = useTranslation('crm');
  const words = useObjectWords(object);
  const close = useCloseDrawer(object.path);
  const create = useCreateRecord(object);
  const { form, refusal, clear, refuse } = useRecordForm(object, valuesOf(object, undefined));
  const submit = form.onSubmit((values) => {
    clear();
    create.mutate(toCreate(object, values), {
      onSuccess: (record) => {
        const message = t('records.created', { name: titleOf(object, record) });
        notifications.show({ color: 'green', message });
        close();
      },
      onError: refuse,
    });
  });
  return (
    <RecordDrawer path={object.path} title={words.bent('new')}>
      <RecordForm
        object={object}
        form={form}
        pending={create.isPending}
        notice={refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        onSubmit={submit}
        onCancel={close}
      />
    </RecordDrawer>
  );
}
