/** Who did what, newest first, narrowed by who did it. */
import type { CrmClient, components } from '@abetworks/api-crm';
import { Loaded } from '@abetworks/app-kit';
import { unwrap } from '@abetworks/problem';
import { formatDateTime } from '@abetworks/ui';
import { Button, Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { infiniteQueryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { usersQuery } from '@/features/records/api/objects';
import { SettingsPage } from '@/features/settings/components/settings-page';

type AuditEntry = components['schemas']['AuditEntry'];

function auditQuery(client: CrmClient, actor: string) {
  return infiniteQueryOptions({
    queryKey: ['audit', actor],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        ...(actor === '' ? {} : { actor_id: actor }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      };
      return unwrap(client.GET('/api/v1/audit', { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function AuditPage() {
  const { t } = useTranslation('crm');
  const client = useClient();
  const [actor, setActor] = useState('');
  const people = useQuery(usersQuery(client)).data ?? [];
  const log = useInfiniteQuery(auditQuery(client, actor));
  return (
    <SettingsPage title={t('settings.audit.title')} text={t('settings.audit.text')}>
      <NativeSelect
        maw={280}
        label={t('settings.audit.who')}
        value={actor}
        data={[
          { value: '', label: t('settings.audit.everyone') },
          ...people.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(event) => setActor(event.currentTarget.value)}
      />
      <Loaded query={log}>
        {({ pages }) => {
          const entries = pages.flatMap(({ items }) => items);
          return (
            <Stack gap="sm">
              {entries.length === 0 ? (
                <Text c="dimmed">{t('records.nothingFound')}</Text>
              ) : (
                <AuditTable entries={entries} />
              )}
              {log.hasNextPage ? (
                <Group>
                  <Button
                    size="xs"
                    variant="default"
                    loading={log.isFetchingNextPage}
                    onClick={() => void log.fetchNextPage()}
                  >
                    {t('timeline.older')}
                  </Button>
                </Group>
              ) : null}
            </Stack>
          );
        }}
      </Loaded>
    </SettingsPage>
  );
}

function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const { t, i18n } = useTranslation('crm');
  return (
    <Table.ScrollContainer minWidth={620}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.audit.when')}</Table.Th>
            <Table.Th>{t('settings.audit.who')}</Table.Th>
            <Table.Th>{t('settings.audit.what')}</Table.Th>
            <Table.Th>{t('settings.audit.where')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map(({ id, at, actor, action, changes, client_address }) => (
            <Table.Tr key={id}>
              <Table.Td>{formatDateTime(at, i18n.language)}</Table.Td>
              <Table.Td>{actor.name}</Table.Td>
              <Table.Td>
                {action}
                <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {changes.flatMap((change) => Object.keys(change.changes ?? {})).join(', ')}
                </Text>
              </Table.Td>
              <Table.Td>{client_address ?? '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
