/** What concerns the whole app at the moment: no connection, a role looked through, no changes taken. */
import type { Session } from '@abetworks/api-crm';
import { useProblemWording } from '@abetworks/problem/wording';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconEye, IconLock, IconWifiOff } from '@tabler/icons-react';
import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewedRole, useViewThrough } from '@/features/access/viewing-as';

const watchConnection = (watcher: () => void) => onlineManager.subscribe(watcher);

export function Banners({ session }: { session: Session }) {
  const { t } = useTranslation('crm');
  const wordProblem = useProblemWording();
  const role = useViewedRole();
  const viewThrough = useViewThrough();
  const isOnline = useSyncExternalStore(watchConnection, () => onlineManager.isOnline());
  return (
    <>
      {isOnline ? null : (
        <Alert role="status" color="yellow" icon={<IconWifiOff aria-hidden />} radius={0}>
          {t('offline.text')}
        </Alert>
      )}
      {role === undefined ? null : (
        <Alert role="status" color="indigo" icon={<IconEye aria-hidden />} radius={0} p="xs">
          <Group justify="space-between" gap="xs">
            <Text size="sm">{t('viewAs.banner', { role: role.name })}</Text>
            <Button size="compact-sm" variant="default" onClick={() => void viewThrough(undefined)}>
              {t('viewAs.stop')}
            </Button>
          </Group>
        </Alert>
      )}
      {session.state === 'ReadOnly' ? (
        <Alert color="yellow" icon={<IconLock aria-hidden />} radius={0}>
          {wordProblem('read-only')}
          <Why reason={session.state_reason} />
        </Alert>
      ) : null}
    </>
  );
}

const CLASSES = ['Payment', 'Abuse', 'Maintenance', 'CustomerRequest'] as const;

/** In the words of whoever runs the platform, below what it is about. */
function Why({ reason }: { reason: Session['state_reason'] }) {
  const { t } = useTranslation('crm');
  if (reason == null) return null;
  const known = CLASSES.find((name) => name === reason.class);
  if (known === undefined && reason.message == null) return null;
  return (
    <Text size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
      {known === undefined ? null : <strong>{t(`readOnly.classes.${known}`)}</strong>}
      {known === undefined || reason.message == null ? null : ': '}
      {reason.message}
    </Text>
  );
}
