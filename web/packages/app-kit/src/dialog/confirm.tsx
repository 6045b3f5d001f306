/** The question before something that cannot be taken back. */
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog';

export interface ConfirmProps {
  opened: boolean;
  title: string;
  text: string;
  /** What will be done, on its button. */
  confirm: string;
  pending: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm(props: ConfirmProps) {
  const { opened, title, text, confirm, pending, onConfirm, onClose } = props;
  const { t } = useTranslation('kit');
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <Text mb="lg">{text}</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('confirm.cancel')}
        </Button>
        <Button color="red" loading={pending} onClick={onConfirm}>
          {confirm}
        </Button>
      </Group>
    </Dialog>
  );
}
