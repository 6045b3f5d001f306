/** What a query brings once it is there; until then that it is on its way, or that it failed. */
import { Button, Skeleton, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageProblem } from './page-problem';

interface LoadedProps<Data> {
  query: UseQueryResult<Data>;
  children: (data: Data) => ReactNode;
}

export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  const { t } = useTranslation('ui');
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <PageProblem
        error={query.error}
        icon={<IconAlertTriangle aria-hidden />}
        action={
          <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
            {t('actions.retry')}
          </Button>
        }
      />
    );
  }
  return (
    <Stack aria-busy gap="lg">
      <Skeleton h={36} />
      <Skeleton h={36} />
      <Skeleton h={96} />
    </Stack>
  );
}
