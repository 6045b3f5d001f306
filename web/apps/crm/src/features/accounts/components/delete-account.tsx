/** Deleting an account, after asking. */
import type { Account } from '@abetworks/api-crm';
import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useDeleteAccount } from '../api/accounts';

interface DeleteAccountProps {
  account: Account;
  onDeleted: () => void;
  onRefused: (error: unknown) => void;
}

export function DeleteAccount({ account, onDeleted, onRefused }: DeleteAccountProps) {
  const { t } = useTranslation('crm');
  const [opened, { open, close }] = useDisclosure(false);
  const remove = useDeleteAccount();
  const confirm = () =>
    remove.mutate(account, {
      onSuccess: () => {
        notifications.show({ message: t('accounts.deleted', { name: account.name }) });
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
      <Modal opened={opened} onClose={close} title={t('accounts.deleteTitle')}>
        <Text mb="lg">{t('accounts.deleteText', { name: account.name })}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {t('actions.cancel')}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={confirm}>
            {t('accounts.deleteConfirm')}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
