/** Where one is signed in. */

import { Loaded, useNotifyRefusal } from '@abetworks/app-kit';
import { formatDateTime } from '@abetworks/ui';
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { SettingsCard } from '@/features/settings/components/settings-card';
import {
  type OwnSession,
  ownSessionsQuery,
  useEndOtherSessions,
  useEndSession,
} from '../api/own-sessions';
import { deviceOf } from '../device';

export function OwnSessions() {
  const { t } = useTranslation('crm');
  const sessions = useQuery(ownSessionsQuery(useClient()));
  const endOthers = useEndOtherSessions();
  const notify = useNotifyRefusal();
  return (
    <SettingsCard
      title={t('settings.security.sessions')}
      text={t('settings.security.sessionsText')}
    >
      <Loaded query={sessions}>
        {(list) => (
          <Stack gap="sm">
            {list.map((session) => (
              <SessionLine key={session.id} session={session} />
            ))}
            {list.length < 2 ? null : (
              <Group>
                <Button
                  variant="default"
                  loading={endOthers.isPending}
                  onClick={() => endOthers.mutate(undefined, { onError: notify })}
                >
                  {t('settings.security.endOthers')}
                </Button>
              </Group>
            )}
          </Stack>
        )}
      </Loaded>
    </SettingsCard>
  );
}

function SessionLine({ session }: { session: OwnSession }) {
  const { t, i18n } = useTranslation('crm');
  const end = useEndSession();
  const notify = useNotifyRefusal();
  const { browser, system, mobile } = deviceOf(session.user_agent ?? '');
  const Icon = mobile ? IconDeviceMobile : IconDeviceDesktop;
  const device =
    browser === undefined
      ? t('settings.security.unknownDevice')
      : [browser, system].filter((word) => word !== undefined).join(', ');
  return (
    <Group wrap="nowrap" gap="sm">
      <Icon size={22} aria-hidden style={{ flex: 'none' }} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text fw={500}>{device}</Text>
        <Text size="sm" c="dimmed">
          {t('settings.security.seen', {
            when: formatDateTime(session.last_seen_at, i18n.language),
            address: session.client_address ?? '–',
          })}
        </Text>
      </div>
      {session.current ? (
        <Badge variant="light" color="green">
          {t('settings.security.thisOne')}
        </Badge>
      ) : (
        <Button
          variant="default"
          size="xs"
          loading={end.isPending}
          aria-label={t('settings.security.endOf', { device })}
          onClick={() => end.mutate(session.id, { onError: notify })}
        >
          {t('settings.security.end')}
        </Button>
      )}
    </Group>
  );
}
