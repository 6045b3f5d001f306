/** Shutting somebody out, and who gets what is theirs. */

import { Dialog, useNotifyRefusal } from '@abetworks/app-kit';
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { usersQuery } from '@/features/records/api/objects';
import { type User, useUpdateUser } from '../api/people';

interface DeactivateDialogProps {
  user: User;
  onClose: () => void;
}

export function DeactivateDialog({ user, onClose }: DeactivateDialogProps) {
  const { t } = useTranslation('crm');
  const title = t('settings.users.deactivateTitle', { name: user.name });
  return (
    <Dialog opened onClose={onClose} title={title}>
      <Question user={user} onClose={onClose} />
    </Dialog>
  );
}

function Question({ user, onClose }: DeactivateDialogProps) {
  const { t } = useTranslation('crm');
  const notify = useNotifyRefusal();
  const update = useUpdateUser();
  const users = useQuery(usersQuery(useClient())).data ?? [];
  const [heir, setHeir] = useState('');
  const others = users.filter(({ id, active }) => active && id !== user.id);
  const deactivate = () =>
    update.mutate(
      { base: user, patch: { active: false, ...(heir === '' ? {} : { hand_over_to: heir }) } },
      { onError: notify, onSettled: onClose },
    );
  return (
    <Stack gap="md">
      <Text>{t('settings.users.deactivateText')}</Text>
      <NativeSelect
        label={t('settings.users.handOverTo')}
        description={t('settings.users.handOverText')}
        data={[
          { value: '', label: t('settings.users.handOverNobody') },
          ...others.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={heir}
        onChange={(event) => setHeir(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('actions.cancel')}
        </Button>
        <Button color="red" loading={update.isPending} onClick={deactivate}>
          {t('settings.users.deactivate')}
        </Button>
      </Group>
    </Stack>
  );
}
