/** A new account. */
import { Alert } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { EMPTY, toCreate } from '../account-values';
import { useCreateAccount } from '../api/accounts';
import { AccountDrawer, useCloseDrawer } from './account-drawer';
import { AccountForm } from './account-form';
import { useAccountForm } from './use-account-form';

export function CreateAccount() {
  const { t } = useTranslation('crm');
  const close = useCloseDrawer();
  const create = useCreateAccount();
  const { form, refusal, clear, refuse } = useAccountForm(EMPTY);
  const submit = form.onSubmit((values) => {
    clear();
    create.mutate(toCreate(values), {
      onSuccess: ({ name }) => {
        notifications.show({ color: 'green', message: t('accounts.created', { name }) });
        close();
      },
      onError: refuse,
    });
  });
  return (
    <AccountDrawer title={t('accounts.new')}>
      <AccountForm
        form={form}
        pending={create.isPending}
        notice={refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        onSubmit={submit}
        onCancel={close}
      />
    </AccountDrawer>
  );
}
