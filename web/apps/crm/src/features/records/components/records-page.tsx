/** The list of an object's records with its states. What it shows is in the address. */

import { LinkButton, PageProblem, useShortcut } from '@abetworks/app-kit';
import { ProblemError } from '@abetworks/problem';
import { DataGrid, formatCount, type GridHandle, StateView } from '@abetworks/ui';
import { Badge, Button, Group, Skeleton, Stack, Title, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconLock, IconPlus } from '@tabler/icons-react';
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type RefObject, Suspense, useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { type RecordPage, recordsQuery } from '../api/records';
import { type CrmRecord, type FieldDescription, may, type ObjectDescription } from '../description';
import type { ListFilter } from '../filter/filter';
import { useChangeFilter } from '../filter/use-change-filter';
import { ObjectIcon } from '../object-icon';
import { defaultSort, knownSort, parseSort, printSort } from '../sort';
import { useObjectWords } from '../use-objects';
import type { ListSearch } from '../views/view-search';
import { useRecordColumns } from './record-columns';
import { useCellEditing } from './use-cell-editing';
import { useNames } from './use-names';

const FilterBar = lazy(async () => ({ default: (await import('../filter/filter-bar')).FilterBar }));
const LostFilter = lazy(async () => ({
  default: (await import('../filter/lost-filter')).LostFilter,
}));
const ViewBar = lazy(async () => ({ default: (await import('../views/view-bar')).ViewBar }));
const ColumnChoice = lazy(async () => ({
  default: (await import('./column-choice')).ColumnChoice,
}));

type RecordList = UseInfiniteQueryResult<InfiniteData<RecordPage>>;

interface RecordsPageProps {
  object: ObjectDescription;
  sort: string;
  filter: ListFilter | undefined;
  /** Something of what was meant is missing from the filter. */
  filterLost: boolean;
  fields: FieldDescription[];
  /** As the address has it. */
  search: ListSearch;
  readOnly: boolean;
}

export function RecordsPage(props: RecordsPageProps) {
  const { object, sort, filter, filterLost, fields, readOnly } = props;
  const { t, i18n } = useTranslation(['crm', 'ui']);
  const words = useObjectWords(object);
  const list = useInfiniteQuery({
    ...recordsQuery(useClient(), object.path, sort, filter),
    // The route has just asked: what came of it is shown, and not asked for a second time.
    retryOnMount: false,
    enabled: !filterLost,
  });
  const count = filterLost ? undefined : list.data?.pages[0]?.count;
  // Nothing to narrow.
  const isBare =
    !filterLost &&
    filter === undefined &&
    (list.isLoadingError || list.data?.pages[0]?.items.length === 0);
  return (
    <Stack gap="md" p={{ base: 'sm', sm: 'lg' }} flex={1} mih={0}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Group gap="sm" flex="1 1 240px">
          <Title order={1} fz={24}>
            {words.title}
          </Title>
          {count == null ? null : (
            <Badge variant="light" size="lg" radius="sm">
              <span aria-hidden>
                {formatCount(count.value, i18n.language)}
                {count.exact ? '' : '+'}
              </span>
              <VisuallyHidden>
                {t('records.count', { one: words.one, many: words.many, count: count.value })}
              </VisuallyHidden>
            </Badge>
          )}
          {isBare ? null : (
            <Suspense fallback={<Skeleton h={36} w={140} />}>
              <ViewBar object={object} search={props.search} readOnly={readOnly} />
            </Suspense>
          )}
        </Group>
        <Group gap="xs">
          {readOnly || filterLost || !may(object, 'export') ? null : <Export object={object} />}
          {readOnly || !may(object, 'create') ? null : <NewRecord object={object} />}
        </Group>
      </Group>
      {isBare || filterLost ? null : (
        <Group justify="space-between" gap="xs">
          <Suspense fallback={<Skeleton h={36} w={200} />}>
            <FilterBar object={object} filter={filter} />
            <ColumnChoice object={object} shown={fields} />
          </Suspense>
        </Group>
      )}
      {filterLost ? (
        <Suspense fallback={<Skeleton h={160} />}>
          <LostFilter object={object} filter={filter} />
        </Suspense>
      ) : (
        <RecordsBody {...props} list={list} />
      )}
    </Stack>
  );
}

/** Not while the organisation is read-only: the server refuses new jobs then. */
function Export({ object }: Pick<RecordsPageProps, 'object'>) {
  const { t } = useTranslation('crm');
  return (
    <LinkButton
      variant="default"
      to="/$path/export"
      params={{ path: object.path }}
      search={true}
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {t('exports.open')}
    </LinkButton>
  );
}

function NewRecord({ object }: Pick<RecordsPageProps, 'object'>) {
  const words = useObjectWords(object);
  return (
    <LinkButton
      to="/$path/new"
      params={{ path: object.path }}
      search={true}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      {words.bent('new')}
    </LinkButton>
  );
}

interface RecordsBodyProps extends RecordsPageProps {
  list: RecordList;
}

function RecordsBody({ object, list, sort, filter, fields, readOnly }: RecordsBodyProps) {
  const { t } = useTranslation('crm');
  const words = useObjectWords(object);
  const navigate = useNavigate();
  const changeFilter = useChangeFilter(object);
  const pages = useMemo(() => list.data?.pages.map(({ items }) => items), [list.data]);
  const editing = useCellEditing(object, readOnly);
  const columns = useRecordColumns(object, fields, useNames(fields, pages), editing);
  const grid = useRef<GridHandle>(null);
  const rows = useMemo(() => pages?.flat(), [pages]);
  useListShortcuts(object, readOnly, grid, rows);
  const { fetchNextPage, refetch, error } = list;
  // A cursor does not last for ever. The pages are then read again, each with a new one.
  const expired = error instanceof ProblemError && error.code === 'cursor-invalid';
  const more = useCallback(
    () => void (expired ? refetch() : fetchNextPage()),
    [expired, fetchNextPage, refetch],
  );
  if (rows === undefined && list.isError) return <ListProblem object={object} list={list} />;
  if (rows?.length === 0 && filter !== undefined) {
    return (
      <StateView
        icon={<ObjectIcon name={object.name} />}
        title={t('records.nothingFound')}
        text={t('filter.nothing', { many: words.many })}
        action={
          <Button variant="default" onClick={() => changeFilter(() => undefined)}>
            {t('filter.clear')}
          </Button>
        }
      />
    );
  }
  if (rows?.length === 0) {
    return (
      <StateView
        icon={<ObjectIcon name={object.name} />}
        title={t('records.none', { many: words.many })}
        text={words.bent('about')}
        action={readOnly || !may(object, 'create') ? undefined : <NewRecord object={object} />}
      />
    );
  }
  const count = list.data?.pages[0]?.count;
  return (
    <DataGrid
      label={words.title}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      total={count?.exact ? count.value : undefined}
      sort={parseSort(sort)}
      onSort={(next) => {
        void navigate({
          to: '.',
          search: (search: ListSearch) => {
            const value = printSort(next(parseSort(knownSort(object, search.sort))));
            return { ...search, sort: value === defaultSort(object) ? undefined : value };
          },
        });
      }}
      more={moreState(list)}
      onMore={more}
      onEdit={editing?.start}
      handle={grid}
    />
  );
}

/** From row to row, into the one that has the focus, and to a new one. */
function useListShortcuts(
  object: ObjectDescription,
  readOnly: boolean,
  grid: RefObject<GridHandle | null>,
  rows: CrmRecord[] | undefined,
): void {
  const navigate = useNavigate();
  const { path } = object;
  const isFilled = rows !== undefined && rows.length > 0;
  useShortcut('j', 'nextRecord', isFilled ? () => grid.current?.step(1) : undefined);
  useShortcut('k', 'previousRecord', isFilled ? () => grid.current?.step(-1) : undefined);
  const edit = () => {
    const row = rows?.[grid.current?.row() ?? -1];
    if (row === undefined) return;
    const to = { to: '/$path/$recordId/edit', params: { path, recordId: row.id } } as const;
    void navigate({ ...to, search: true });
  };
  useShortcut('e', 'edit', isFilled ? edit : undefined);
  const mayCreate = !readOnly && may(object, 'create');
  const create = () => void navigate({ to: '/$path/new', params: { path }, search: true });
  useShortcut('c', 'create', mayCreate ? create : undefined);
}

function moreState(list: RecordList) {
  if (list.isFetchingNextPage) return 'loading';
  if (list.isFetchNextPageError) return 'failed';
  return list.hasNextPage ? 'available' : 'none';
}

function ListProblem({ object, list }: Pick<RecordsBodyProps, 'object' | 'list'>) {
  const { t } = useTranslation(['crm', 'ui']);
  const words = useObjectWords(object);
  if (list.error instanceof ProblemError && list.error.status === 403) {
    return (
      <StateView
        icon={<IconLock aria-hidden />}
        title={t('records.forbidden', { many: words.many })}
        text={t('records.forbiddenText')}
      />
    );
  }
  return (
    <PageProblem
      error={list.error}
      icon={<IconAlertTriangle aria-hidden />}
      action={
        <Button variant="default" loading={list.isFetching} onClick={() => void list.refetch()}>
          {t('ui:actions.retry')}
        </Button>
      }
    />
  );
}
