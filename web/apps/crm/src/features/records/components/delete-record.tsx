/** Deleting a record, after asking. */

import { Confirm } from '@abetworks/app-kit';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useDeleteRecord } from '../api/records';
import { type CrmRecord, type ObjectDescription, titleOf } from '../description';
import { useObjectWords } from '../use-objects';

interface DeleteRecordProps {
  object: ObjectDescription;
  record: CrmRecord;
  onDeleted: () => void;
  onRefused: (error: unknown) => void;
}

export function DeleteRecord({ object, record, onDeleted, onRefused }: DeleteRecordProps) {
  const { t } = useTranslation('crm');
  const words = useObjectWords(object);
  const name = titleOf(object, record);
  const [opened, { open, close }] = useDisclosure(false);
  const remove = useDeleteRecord(object);
  const confirm = () =>
    remove.mutate(record, {
      onSuccess: () => {
        notifications.show({ message: t('records.deleted', { name }) });
        onDeleted();
      },
      onError: onRefused,
      onSettled: close,
    });
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        px="xs"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={open}
      >
        {t('actions.delete')}
      </Button>
      <Confirm
        opened={opened}
        title={words.bent('deleteTitle')}
        text={t('records.deleteText', { name })}
        confirm={t('records.deleteConfirm', { one: words.one })}
        pending={remove.isPending}
        onConfirm={confirm}
        onClose={close}
      />
    </>
  );
}
