/** The next and the previous record of the list that one came from, whose state is in the address. */

import { useShortcut } from '@abetworks/app-kit';
import { formatCount } from '@abetworks/ui';
import { ActionIcon, Group, Text } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { recordsQuery } from '../api/records';
import type { ObjectDescription } from '../description';
import type { ListFilter } from '../filter/filter';

/** A record further down is looked for no longer: its list is opened instead. */
const MOST_PAGES = 5;

export interface ListState {
  sort: string;
  filter: ListFilter | undefined;
}

interface RecordStepsProps {
  object: ObjectDescription;
  recordId: string;
  list: ListState;
}

export function RecordSteps({ object, recordId, list }: RecordStepsProps) {
  const { t, i18n } = useTranslation('crm');
  const { place, count, previous, next } = usePlace(object, recordId, list);
  const navigate = useNavigate();
  const go = (id: string | undefined) => {
    if (id === undefined) return;
    void navigate({
      to: '/$path/$recordId',
      params: { path: object.path, recordId: id },
      search: true,
      replace: true,
    });
  };
  useShortcut('j', 'nextRecord', next === undefined ? undefined : () => go(next));
  useShortcut('k', 'previousRecord', previous === undefined ? undefined : () => go(previous));
  if (place === undefined) return null;
  return (
    <Group gap={4} role="group" aria-label={t('steps.label')}>
      {count === undefined ? null : (
        <Text size="sm" c="dimmed" mr={4}>
          {t(count.exact ? 'steps.place' : 'steps.placeOfMany', {
            place: formatCount(place, i18n.language),
            total: formatCount(count.value, i18n.language),
          })}
        </Text>
      )}
      <ActionIcon
        variant="default"
        aria-label={t('steps.previous')}
        disabled={previous === undefined}
        onClick={() => go(previous)}
      >
        <IconChevronUp size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label={t('steps.next')}
        disabled={next === undefined}
        onClick={() => go(next)}
      >
        <IconChevronDown size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

/** Where the record stands in its list, from the pages that were read for the list already. */
function usePlace({ path }: ObjectDescription, recordId: string, { sort, filter }: ListState) {
  const list = useInfiniteQuery({
    ...recordsQuery(useClient(), path, sort, filter),
    // Not read again at each step: a record that changes would move under the reader.
    refetchOnMount: false,
  });
  const pages = list.data?.pages ?? [];
  const ids = pages.flatMap(({ items }) => items.map(({ id }) => id));
  const index = ids.indexOf(recordId);
  const { hasNextPage, isFetching, fetchNextPage } = list;
  // Not found so far, or the last one of what was read.
  const wantsMore = index === ids.length - 1 || (index === -1 && pages.length < MOST_PAGES);
  useEffect(() => {
    if (wantsMore && hasNextPage && !isFetching) void fetchNextPage();
  }, [wantsMore, hasNextPage, isFetching, fetchNextPage]);
  if (index === -1) return {};
  return {
    place: index + 1,
    count: pages[0]?.count,
    previous: ids[index - 1],
    next: ids[index + 1],
  };
}
