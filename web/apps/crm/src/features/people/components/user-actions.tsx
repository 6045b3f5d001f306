/** What can be done with one person. Each action asks first where it cannot be taken back. */

import { Confirm, useNotifyRefusal } from '@abetworks/app-kit';
import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconDots,
  IconKey,
  IconShieldOff,
  IconUserCheck,
  IconUserOff,
  IconUsers,
} from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '@/features/access/api/roles';
import { type User, useMakeResetLink, useTakeSecondFactor, useUpdateUser } from '../api/people';
import type { ToldLink } from './told-link';

const DeactivateDialog = lazy(async () => ({
  default: (await import('./deactivate-dialog')).DeactivateDialog,
}));
const RolesDialog = lazy(async () => ({ default: (await import('./roles-dialog')).RolesDialog }));

interface UserActionsProps {
  user: User;
  roles: Role[];
  onLink: (link: ToldLink) => void;
}

type Question = 'roles' | 'deactivate' | 'secondFactor';

export function UserActions({ user, roles, onLink }: UserActionsProps) {
  const { t } = useTranslation('crm');
  const notify = useNotifyRefusal();
  const [asking, setAsking] = useState<Question>();
  const update = useUpdateUser();
  const reset = useMakeResetLink();
  const take = useTakeSecondFactor();
  const close = () => setAsking(undefined);
  const { name } = user;
  const activate = () =>
    update.mutate({ base: user, patch: { active: true } }, { onError: notify, onSettled: close });
  const icon = { size: 16, 'aria-hidden': true } as const;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('settings.users.actionsOf', { name })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconUsers {...icon} />} onClick={() => setAsking('roles')}>
            {t('settings.users.changeRoles')}
          </Menu.Item>
          {user.active ? (
            <Menu.Item
              leftSection={<IconKey {...icon} />}
              onClick={() =>
                reset.mutate(user.id, {
                  onSuccess: ({ url }) => onLink({ kind: 'reset', name, url }),
                  onError: notify,
                })
              }
            >
              {t('settings.users.resetLink')}
            </Menu.Item>
          ) : null}
          <Menu.Item
            leftSection={<IconShieldOff {...icon} />}
            onClick={() => setAsking('secondFactor')}
          >
            {t('settings.users.takeFactor')}
          </Menu.Item>
          <Menu.Divider />
          {user.active ? (
            <Menu.Item
              color="red"
              leftSection={<IconUserOff {...icon} />}
              onClick={() => setAsking('deactivate')}
            >
              {t('settings.users.deactivate')}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconUserCheck {...icon} />} onClick={activate}>
              {t('settings.users.activate')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {asking === 'roles' ? <RolesDialog user={user} roles={roles} onClose={close} /> : null}
        {asking === 'deactivate' ? <DeactivateDialog user={user} onClose={close} /> : null}
      </Suspense>
      <Confirm
        opened={asking === 'secondFactor'}
        title={t('settings.users.takeFactorTitle', { name })}
        text={t('settings.users.takeFactorText')}
        confirm={t('settings.users.takeFactor')}
        pending={take.isPending}
        onConfirm={() =>
          take.mutate(user.id, {
            onSuccess: () =>
              notifications.show({ message: t('settings.users.factorTaken', { name }) }),
            onError: notify,
            onSettled: close,
          })
        }
        onClose={close}
      />
    </>
  );
}
