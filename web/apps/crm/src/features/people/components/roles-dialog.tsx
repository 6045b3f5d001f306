/** Which roles a person holds. */

import { Dialog, useServerForm } from '@abetworks/app-kit';
import { Alert, Button, Group, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import type { Role } from '@/features/access/api/roles';
import { type User, useUpdateUser } from '../api/people';
import { RoleChoice } from './role-choice';

interface RolesDialogProps {
  user: User;
  roles: Role[];
  onClose: () => void;
}

export function RolesDialog({ user, roles, onClose }: RolesDialogProps) {
  const { t } = useTranslation('crm');
  return (
    <Dialog opened onClose={onClose} title={t('settings.users.rolesOf', { name: user.name })}>
      <RolesForm user={user} roles={roles} onClose={onClose} />
    </Dialog>
  );
}

function RolesForm({ user, roles, onClose }: RolesDialogProps) {
  const { t } = useTranslation('crm');
  const update = useUpdateUser();
  const { form, refusal, clear, refuse } = useServerForm({ role_ids: user.role_ids }, ['role_ids']);
  const submit = form.onSubmit(({ role_ids }) => {
    clear();
    update.mutate(
      { base: user, patch: { role_ids } },
      {
        onSuccess: () => {
          notifications.show({ color: 'green', message: t('settings.saved') });
          onClose();
        },
        onError: refuse,
      },
    );
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <RoleChoice roles={roles} input={form.getInputProps('role_ids')} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button type="submit" loading={update.isPending}>
            {t('actions.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
