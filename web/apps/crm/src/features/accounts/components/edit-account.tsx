/** One account: its values, changes by others met while saving, and deletion. */
import type { Account } from '@abetworks/api-crm';
import { ProblemError } from '@abetworks/api-crm';
import { formatDateTime } from '@abetworks/ui';
import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../app/context';
import { PageProblem } from '../../../app/page-problem';
import { type AccountValues, toPatch, valuesOf } from '../account-values';
import { accountQuery, useUpdateAccount } from '../api/accounts';
import { AccountDrawer, useCloseDrawer } from './account-drawer';
import { AccountForm } from './account-form';
import { type Conflict, ConflictNotice, conflictOf } from './conflict-notice';
import { DeleteAccount } from './delete-account';
import { useAccountForm } from './use-account-form';

interface EditAccountProps {
  accountId: string;
  readOnly: boolean;
}

export function EditAccount({ accountId, readOnly }: EditAccountProps) {
  const { t } = useTranslation(['crm', 'ui']);
  const account = useQuery(accountQuery(useClient(), accountId));
  return (
    <AccountDrawer title={account.data?.name ?? t('accounts.one')}>
      {account.data !== undefined ? (
        <Editor key={account.data.id} loaded={account.data} readOnly={readOnly} />
      ) : account.isError ? (
        <PageProblem
          error={account.error}
          icon={<IconAlertTriangle aria-hidden />}
          action={
            <Button variant="default" onClick={() => void account.refetch()}>
              {t('ui:actions.retry')}
            </Button>
          }
        />
      ) : (
        <Stack aria-busy gap="lg">
          <Skeleton h={36} />
          <Skeleton h={36} />
          <Skeleton h={36} />
          <Skeleton h={96} />
        </Stack>
      )}
    </AccountDrawer>
  );
}

function Editor({ loaded, readOnly }: { loaded: Account; readOnly: boolean }) {
  const { t, i18n } = useTranslation(['crm', 'ui']);
  const close = useCloseDrawer();
  const update = useUpdateAccount();
  /** What the form started from: a refetch in the background must not move it under the typing. */
  const [base, setBase] = useState(loaded);
  const [conflict, setConflict] = useState<Conflict>();
  const { form, refusal, clear, refuse } = useAccountForm(valuesOf(loaded));

  /** `over`: the version to put the changes on. Only what was changed here is sent, whatever it is. */
  const save = (values: AccountValues, over: Account) => {
    const patch = toPatch(values, base);
    clear();
    setConflict(undefined);
    if (Object.keys(patch).length === 0) {
      close();
      return;
    }
    update.mutate(
      { base: over, patch },
      {
        onSuccess: ({ name }) => {
          notifications.show({ color: 'green', message: t('accounts.saved', { name }) });
          close();
        },
        onError: (error) => {
          const met = conflictOf(error, base);
          if (met === undefined) refuse(error);
          else setConflict(met);
        },
      },
    );
  };
  const takeTheirs = (current: Account) => {
    setBase(current);
    setConflict(undefined);
    form.setValues(valuesOf(current));
  };
  const keepMine = (current: Account) => save(form.getValues(), current);
  const fail = (error: unknown) => {
    if (error instanceof ProblemError && error.code === 'precondition-failed') {
      setConflict(conflictOf(error, base));
    } else refuse(error);
  };
  return (
    <AccountForm
      form={form}
      pending={update.isPending}
      readOnly={readOnly}
      notice={
        <>
          {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
          {conflict === undefined ? null : (
            <ConflictNotice conflict={conflict} onTheirs={takeTheirs} onMine={keepMine} />
          )}
          <Text size="sm" c="dimmed">
            {t('accounts.lastChanged', { when: formatDateTime(base.updated_at, i18n.language) })}
          </Text>
        </>
      }
      aside={readOnly ? null : <DeleteAccount account={base} onDeleted={close} onRefused={fail} />}
      onSubmit={form.onSubmit((values) => save(values, base))}
      onCancel={close}
    />
  );
}
