/** Invitations that nobody has accepted yet. */

import { Loaded, useNotifyRefusal } from '@abetworks/app-kit';
import { formatDate } from '@abetworks/ui';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import type { Role } from '@/features/access/api/roles';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { invitationsQuery, type OpenInvitation, useWithdrawInvitation } from '../api/people';

export function OpenInvitations({ roles }: { roles: Role[] }) {
  const { t } = useTranslation('crm');
  const invitations = useQuery(invitationsQuery(useClient()));
  return (
    <Loaded query={invitations}>
      {(open) =>
        open.length === 0 ? null : (
          <SettingsCard title={t('settings.users.open')}>
            <Stack gap="sm">
              {open.map((invitation) => (
                <Line key={invitation.id} invitation={invitation} roles={roles} />
              ))}
            </Stack>
          </SettingsCard>
        )
      }
    </Loaded>
  );
}

function Line({ invitation, roles }: { invitation: OpenInvitation; roles: Role[] }) {
  const { t, i18n } = useTranslation('crm');
  const withdraw = useWithdrawInvitation();
  const notify = useNotifyRefusal();
  const { email, role_ids, expires_at } = invitation;
  const names = roles.filter(({ id }) => role_ids.includes(id)).map(({ name }) => name);
  return (
    <Group justify="space-between" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Text fw={500} truncate>
          {email}
        </Text>
        <Text size="sm" c="dimmed">
          {t('settings.users.openText', {
            roles: names.join(', '),
            when: formatDate(expires_at, i18n.language),
          })}
        </Text>
      </div>
      <Button
        variant="default"
        size="xs"
        flex="none"
        loading={withdraw.isPending}
        aria-label={t('settings.users.withdrawOf', { email })}
        onClick={() => withdraw.mutate(invitation.id, { onError: notify })}
      >
        {t('settings.users.withdraw')}
      </Button>
    </Group>
  );
}
