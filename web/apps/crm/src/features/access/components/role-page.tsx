/** One role: its name, its rights, and what becomes of it. */

import { Confirm, LinkButton, Loaded, useNotifyRefusal } from '@abetworks/app-kit';
import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconArrowLeft, IconCopy, IconEye, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { SettingsPage } from '@/features/settings/components/settings-page';
import { type RoleDetails, roleQuery, useCreateRole, useDeleteRole } from '../api/roles';
import { useViewThrough } from '../viewing-as';
import { RoleEditor } from './role-editor';

export function RolePage({ roleId }: { roleId: string }) {
  const { t } = useTranslation('crm');
  const role = useQuery(roleQuery(useClient(), roleId));
  return (
    <SettingsPage
      title={role.data?.name ?? t('settings.roles.one')}
      action={role.data === undefined ? undefined : <RoleActions role={role.data} />}
    >
      <Loaded query={role}>
        {(loaded) => (
          <RoleEditor key={loaded.id} loaded={loaded} onStale={() => void role.refetch()} />
        )}
      </Loaded>
    </SettingsPage>
  );
}

function RoleActions({ role }: { role: RoleDetails }) {
  const { t } = useTranslation('crm');
  const navigate = useNavigate();
  const notify = useNotifyRefusal();
  const create = useCreateRole();
  const remove = useDeleteRole();
  const [asking, { open, close }] = useDisclosure(false);
  const { id, name, description, levels = {}, fields = {}, areas = {} } = role;
  const viewThrough = useViewThrough();
  const copy = () =>
    create.mutate(
      {
        name: t('settings.roles.copyName', { name }),
        description,
        rights: { levels, fields, areas },
      },
      {
        onSuccess: (made) => {
          notifications.show({ message: t('settings.roles.copied', { name: made.name }) });
          void navigate({ to: '/settings/roles/$roleId', params: { roleId: made.id } });
        },
        onError: notify,
      },
    );
  const confirm = () =>
    remove.mutate(role, {
      onSuccess: () => void navigate({ to: '/settings/roles' }),
      onError: notify,
      onSettled: close,
    });
  return (
    <Group gap="xs">
      <LinkButton
        to="/settings/roles"
        variant="default"
        leftSection={<IconArrowLeft size={16} aria-hidden />}
      >
        {t('settings.roles.all')}
      </LinkButton>
      <Button
        variant="default"
        leftSection={<IconEye size={16} aria-hidden />}
        onClick={() => void viewThrough({ id, name })}
      >
        {t('viewAs.start')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconCopy size={16} aria-hidden />}
        loading={create.isPending}
        onClick={copy}
      >
        {t('settings.roles.copy')}
      </Button>
      {role.key === null ? (
        <Button
          variant="subtle"
          color="red"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={open}
        >
          {t('actions.delete')}
        </Button>
      ) : null}
      <Confirm
        opened={asking}
        title={t('settings.roles.deleteTitle', { name })}
        text={t('settings.roles.deleteText')}
        confirm={t('settings.roles.delete')}
        pending={remove.isPending}
        onConfirm={confirm}
        onClose={close}
      />
    </Group>
  );
}
