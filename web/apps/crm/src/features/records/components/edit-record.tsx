/** One record: its values, changes by others met while saving, and deletion. */
import { ProblemError } from '@abetworks/api-crm';
import { formatDateTime } from '@abetworks/ui';
import { Alert, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../app/context';
import { LinkText } from '../../../app/links';
import { Loaded } from '../../../app/loaded';
import { recordQuery, useUpdateRecord } from '../api/records';
import { type CrmRecord, may, type ObjectDescription, titleOf } from '../description';
import { type RecordValues, toPatch, valuesOf } from '../record-values';
import { useObjectWords } from '../use-objects';
import { type Conflict, ConflictNotice, conflictOf } from './conflict-notice';
import { DeleteRecord } from './delete-record';
import { RecordDrawer, useCloseDrawer } from './record-drawer';
import { RecordForm } from './record-form';
import { useRecordForm } from './use-record-form';

interface EditRecordProps {
  object: ObjectDescription;
  recordId: string;
  readOnly: boolean;
}

export function EditRecord({ object, recordId, readOnly }: EditRecordProps) {
  const words = useObjectWords(object);
  const record = useQuery(recordQuery(useClient(), object.path, recordId));
  return (
    <RecordDrawer
      path={object.path}
      title={record.data === undefined ? words.label : titleOf(object, record.data)}
    >
      <Loaded query={record}>
        {(loaded) => (
          <Editor
            key={loaded.id}
            object={object}
            loaded={loaded}
            readOnly={readOnly || !may(object, 'update')}
            mayDelete={!readOnly && may(object, 'delete')}
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
  mayDelete: boolean;
}

function Editor({ object, loaded, readOnly, mayDelete }: EditorProps) {
  const { t, i18n } = useTranslation('crm');
  const close = useCloseDrawer(object.path);
  const update = useUpdateRecord(object);
  /** What the form started from: a refetch in the background must not move it under the typing. */
  const [base, setBase] = useState(loaded);
  const [conflict, setConflict] = useState<Conflict>();
  const { form, refusal, clear, refuse } = useRecordForm(object, valuesOf(object, loaded));

  /** `over`: the version to put the changes on. Only what was changed here is sent, whatever it is. */
  const save = (values: RecordValues, over: CrmRecord) => {
    const patch = toPatch(object, values, valuesOf(object, base));
    clear();
    setConflict(undefined);
    if (Object.keys(patch).length === 0) {
      close();
      return;
    }
    update.mutate(
      { base: over, patch },
      {
        onSuccess: (record) => {
          const message = t('records.saved', { name: titleOf(object, record) });
          notifications.show({ color: 'green', message });
          close();
        },
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
  const keepMine = (current: CrmRecord) => save(form.getValues(), current);
  const fail = (error: unknown) => {
    if (error instanceof ProblemError && error.code === 'precondition-failed') {
      setConflict(conflictOf(error, base, object));
    } else refuse(error);
  };
  return (
    <RecordForm
      object={object}
      form={form}
      pending={update.isPending}
      readOnly={readOnly}
      notice={
        <>
          {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
          {conflict === undefined ? null : (
            <ConflictNotice
              object={object}
              conflict={conflict}
              onTheirs={takeTheirs}
              onMine={keepMine}
            />
          )}
          {base.updated_at === undefined ? null : (
            <Group justify="space-between" gap="xs">
              <Text size="sm" c="dimmed">
                {t('records.lastChanged', { when: formatDateTime(base.updated_at, i18n.language) })}
              </Text>
              <LinkText
                to="/$path/$recordId/details"
                params={{ path: object.path, recordId: base.id }}
                size="sm"
              >
                {t('records.openPage')}
              </LinkText>
            </Group>
          )}
        </>
      }
      aside={
        mayDelete ? (
          <DeleteRecord object={object} record={base} onDeleted={close} onRefused={fail} />
        ) : null
      }
      onSubmit={form.onSubmit((values) => save(values, base))}
      onCancel={close}
    />
  );
}
