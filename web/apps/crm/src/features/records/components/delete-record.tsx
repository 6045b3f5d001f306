/** Deleting a record, after asking. */
import { Button, Group, Modal, Text } from '@mantine/core';
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
      <Modal opened={opened} onClose={close} title={words.bent('deleteTitle')}>
        <Text mb="lg">{t('records.deleteText', { name })}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {t('actions.cancel')}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={confirm}>
            {t('records.deleteConfirm', { one: words.one })}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
