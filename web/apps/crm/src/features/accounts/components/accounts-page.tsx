/** The list of accounts with its states. What it shows is in the address. */
import { ProblemError } from '@abetworks/api-crm';
import { DataGrid, formatCount, StateView } from '@abetworks/ui';
import { Badge, Button, Group, Stack, Title, VisuallyHidden } from '@mantine/core';
import {
  IconAlertTriangle,
  IconBuilding,
  IconDownload,
  IconLock,
  IconPlus,
} from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../app/context';
import { LinkButton } from '../../../app/links';
import { PageProblem } from '../../../app/page-problem';
import { accountsQuery } from '../api/accounts';
import { DEFAULT_SORT, parseSort, printSort } from '../sort';
import { useAccountColumns } from './account-columns';

interface AccountsPageProps {
  sort: string;
  readOnly: boolean;
}

function useAccounts(sort: string) {
  return useInfiniteQuery(accountsQuery(useClient(), sort));
}

export function AccountsPage({ sort, readOnly }: AccountsPageProps) {
  const { t, i18n } = useTranslation(['crm', 'ui']);
  const list = useAccounts(sort);
  const count = list.data?.pages[0]?.count;
  return (
    <Stack gap="md" p={{ base: 'sm', sm: 'lg' }} flex={1} mih={0}>
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          <Title order={1} fz={24}>
            {t('accounts.title')}
          </Title>
          {count == null ? null : (
            <Badge variant="light" size="lg" radius="sm">
              <span aria-hidden>
                {formatCount(count.value, i18n.language)}
                {count.exact ? '' : '+'}
              </span>
              <VisuallyHidden>{t('accounts.count', { count: count.value })}</VisuallyHidden>
            </Badge>
          )}
        </Group>
        <Group gap="xs">
          {readOnly ? null : <Export />}
          {readOnly ? null : <NewAccount />}
        </Group>
      </Group>
      <AccountsBody list={list} sort={sort} readOnly={readOnly} />
    </Stack>
  );
}

/** Not while the organisation is read-only: the server refuses new jobs then. */
function Export() {
  const { t } = useTranslation('crm');
  return (
    <LinkButton
      variant="default"
      to="/accounts/export"
      search={true}
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {t('exports.open')}
    </LinkButton>
  );
}

function NewAccount() {
  const { t } = useTranslation(['crm', 'ui']);
  return (
    <LinkButton to="/accounts/new" search={true} leftSection={<IconPlus size={16} aria-hidden />}>
      {t('accounts.new')}
    </LinkButton>
  );
}

interface AccountsBodyProps extends AccountsPageProps {
  list: ReturnType<typeof useAccounts>;
}

function AccountsBody({ list, sort, readOnly }: AccountsBodyProps) {
  const { t } = useTranslation(['crm', 'ui']);
  const navigate = useNavigate();
  const columns = useAccountColumns();
  const { fetchNextPage, refetch, error } = list;
  // A cursor does not last for ever. The pages are then read again, each with a new one.
  const expired = error instanceof ProblemError && error.code === 'cursor-invalid';
  const more = useCallback(
    () => void (expired ? refetch() : fetchNextPage()),
    [expired, fetchNextPage, refetch],
  );
  const rows = list.data?.pages.flatMap((page) => page.items);
  if (rows === undefined && list.isError) return <ListProblem list={list} />;
  if (rows?.length === 0) {
    return (
      <StateView
        icon={<IconBuilding aria-hidden />}
        title={t('accounts.none')}
        text={t('accounts.noneText')}
        action={readOnly ? undefined : <NewAccount />}
      />
    );
  }
  const count = list.data?.pages[0]?.count;
  return (
    <DataGrid
      label={t('accounts.title')}
      columns={columns}
      rows={rows}
      rowKey={(account) => account.id}
      total={count?.exact ? count.value : undefined}
      sort={parseSort(sort)}
      onSort={(next) => {
        const value = printSort(next);
        void navigate({ to: '.', search: { sort: value === DEFAULT_SORT ? undefined : value } });
      }}
      more={moreState(list)}
      onMore={more}
    />
  );
}

function moreState(list: ReturnType<typeof useAccounts>) {
  if (list.isFetchingNextPage) return 'loading';
  if (list.isFetchNextPageError) return 'failed';
  return list.hasNextPage ? 'available' : 'none';
}

function ListProblem({ list }: Pick<AccountsBodyProps, 'list'>) {
  const { t } = useTranslation(['crm', 'ui']);
  if (list.error instanceof ProblemError && list.error.status === 403) {
    return (
      <StateView
        icon={<IconLock aria-hidden />}
        title={t('accounts.forbidden')}
        text={t('accounts.forbiddenText')}
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
