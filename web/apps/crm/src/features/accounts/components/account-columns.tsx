/** The columns of the accounts list. */
import type { Account } from '@abetworks/api-crm';
import { formatCount, formatDate, type GridColumn } from '@abetworks/ui';
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './account-columns.module.css';

const NONE = '–';

export function useAccountColumns(): GridColumn<Account>[] {
  const { t, i18n } = useTranslation('crm');
  const language = i18n.language;
  return useMemo(
    () => [
      {
        key: 'name',
        label: t('accounts.fields.name'),
        width: 'minmax(180px, 2fr)',
        sortable: true,
        render: (account) => <AccountLink account={account} />,
      },
      {
        key: 'industry',
        label: t('accounts.fields.industry'),
        width: 'minmax(120px, 1fr)',
        sortable: true,
        wideOnly: true,
        render: ({ industry }) => industry ?? NONE,
      },
      {
        key: 'phone',
        label: t('accounts.fields.phone'),
        width: 'minmax(120px, 1fr)',
        wideOnly: true,
        render: ({ phone }) => phone ?? NONE,
      },
      {
        key: 'employees',
        label: t('accounts.fields.employees'),
        width: '130px',
        sortable: true,
        wideOnly: true,
        alignEnd: true,
        render: ({ employees }) => (employees == null ? NONE : formatCount(employees, language)),
      },
      {
        key: 'updated_at',
        label: t('accounts.fields.updated_at'),
        width: 'minmax(130px, 160px)',
        sortable: true,
        alignEnd: true,
        render: (account) => (
          <Text c="dimmed" inherit span>
            {formatDate(account.updated_at, language)}
          </Text>
        ),
      },
    ],
    [t, language],
  );
}

/** Covers its whole row, so that a click anywhere opens the account and Tab still stops once. */
function AccountLink({ account }: { account: Account }) {
  return (
    <Link
      to="/accounts/$accountId"
      params={{ accountId: account.id }}
      search={true}
      preload={false}
      className={classes.link}
    >
      {account.name}
    </Link>
  );
}
