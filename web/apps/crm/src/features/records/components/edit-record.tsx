/** One record's values in a form over its page, with changes by others met while saving. */

import { Loaded } from '@abetworks/app-kit';
import { formatDateTime } from '@abetworks/ui';
import { Alert, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { recordQuery } from '../api/records';
import { type CrmRecord, may, type ObjectDescription, titleOf } from '../description';
import { useObjectWords } from '../use-objects';
import { EditConflict } from './edit-conflict';
import { RecordDrawer, useToRecord } from './record-drawer';
import { RecordForm } from './record-form';
import { useRecordEdit } from './use-record-edit';

interface EditRecordProps {
  object: ObjectDescription;
  recordId: string;
  readOnly: boolean;
}

export function EditRecord({ object, recordId, readOnly }: EditRecordProps) {
  const words = useObjectWords(object);
  const close = useToRecord(object.path, recordId);
  const record = useQuery(recordQuery(useClient(), object.path, recordId));
  return (
    <RecordDrawer
      title={record.data === undefined ? words.label : titleOf(object, record.data)}
      onClose={close}
    >
      <Loaded query={record}>
        {(loaded) => (
          <Editor
            key={loaded.id}
            object={object}
            loaded={loaded}
            readOnly={readOnly || !may(object, 'update')}
          />
        )}
      </Loaded>
    </RecordDrawer>
  );
}

interface EditorProps {
  object: ObjectDescription;
  loaded: CrmRecord;
  readOnly: boolean;
}

function Editor({ object, loaded, readOnly }: EditorProps) {
  const { t, i18n } = useTranslation('crm');
  const close = useToRecord(object.path, loaded.id);
  const edit = useRecordEdit({
    object,
    loaded,
    onDone: (saved) => {
      if (saved !== undefined) {
        const message = t('records.saved', { name: titleOf(object, saved) });
        notifications.show({ color: 'green', message });
      }
      close();
    },
  });
  const { form, base, refusal, save } = edit;
  return (
    <RecordForm
      object={object}
      form={form}
      pending={edit.isSaving}
      readOnly={readOnly}
      notice={
        <>
          {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
          <EditConflict object={object} edit={edit} />
          {base.updated_at === undefined ? null : (
            <Text size="sm" c="dimmed">
              {t('records.lastChanged', { when: formatDateTime(base.updated_at, i18n.language) })}
            </Text>
          )}
        </>
      }
      onSubmit={form.onSubmit(() => save())}
      onCancel={close}
    />
  );
}
