/** What was deleted, of one object at a time; it is purged after some weeks. */

import { Loaded, useNotifyRefusal } from '@abetworks/app-kit';
import { formatDateTime, StateView } from '@abetworks/ui';
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { SettingsPage } from '@/features/settings/components/settings-page';
import { type TrashItem, trashQuery, useRestore } from '../api/trash';
import { listed, may, type ObjectDescription } from '../description';
import { useObjects, useText } from '../use-objects';

export function TrashPage() {
  const { t } = useTranslation('crm');
  const text = useText();
  const objects = listed(useObjects()).filter((object) => may(object, 'delete'));
  const [chosen, setChosen] = useState(objects[0]?.path);
  const object = objects.find(({ path }) => path === chosen);
  return (
    <SettingsPage title={t('settings.trash.title')} text={t('settings.trash.text')}>
      {object === undefined ? (
        <Text c="dimmed">{t('settings.trash.nothingYours')}</Text>
      ) : (
        <>
          <NativeSelect
            maw={280}
            label={t('settings.roles.object')}
            value={object.path}
            data={objects.map(({ path, plural }) => ({ value: path, label: text(plural) }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <Trash key={object.path} object={object} />
        </>
      )}
    </SettingsPage>
  );
}

function Trash({ object }: { object: ObjectDescription }) {
  const { t } = useTranslation('crm');
  const trash = useInfiniteQuery(trashQuery(useClient(), object.path));
  return (
    <Loaded query={trash}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0) {
          return (
            <StateView
              icon={<IconTrash aria-hidden />}
              title={t('settings.trash.none')}
              text={t('settings.trash.noneText')}
            />
          );
        }
        return (
          <Stack gap="sm">
            {items.map((item) => (
              <Line key={item.id} object={object} item={item} />
            ))}
            {trash.hasNextPage ? (
              <Group>
                <Button
                  variant="default"
                  size="xs"
                  loading={trash.isFetchingNextPage}
                  onClick={() => void trash.fetchNextPage()}
                >
                  {t('timeline.older')}
                </Button>
              </Group>
            ) : null}
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Line({ object, item }: { object: ObjectDescription; item: TrashItem }) {
  const { t, i18n } = useTranslation('crm');
  const restore = useRestore(object.path);
  const notify = useNotifyRefusal();
  const name = item.title ?? t('records.hidden');
  const when = formatDateTime(item.deleted_at, i18n.language);
  return (
    <Group justify="space-between" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Text fw={500} truncate>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {item.deleted_by === null
            ? t('settings.trash.deleted', { when })
            : t('settings.trash.deletedBy', { when, who: item.deleted_by.name })}
        </Text>
      </div>
      <Button
        variant="default"
        size="xs"
        flex="none"
        loading={restore.isPending}
        aria-label={t('settings.trash.restoreOf', { name })}
        onClick={() =>
          restore.mutate(item.id, {
            onSuccess: () =>
              notifications.show({
                color: 'green',
                message: t('settings.trash.restored', { name }),
              }),
            onError: notify,
          })
        }
      >
        {t('settings.trash.restore')}
      </Button>
    </Group>
  );
}
