/** "I forgot my password": says the same for every address, whether somebody has it or not. */
import { AddressForm, PublicPage, useRefusalWording } from '@abetworks/app-kit';
import { Alert, Anchor, Center } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { useAskForReset } from '../api/password-reset';
import { organisationQuery } from '../api/session';

export function ForgotPassword() {
  const { t } = useTranslation(['crm', 'kit']);
  const organisation = useQuery(organisationQuery(useClient()));
  const ask = useAskForReset();
  const word = useRefusalWording();
  return (
    <PublicPage
      organisation={organisation.data?.name}
      title={t('forgotPassword.title')}
      text={ask.isSuccess ? undefined : t('forgotPassword.text')}
      footer={
        <Center>
          <Anchor component={Link} to="/sign-in" underline="always">
            {t('kit:signIn.back')}
          </Anchor>
        </Center>
      }
    >
      {ask.isSuccess ? (
        <Alert role="status" color="green">
          {t('forgotPassword.sent', { email: ask.variables })}
        </Alert>
      ) : (
        <AddressForm
          pending={ask.isPending}
          refusal={ask.isError ? word(ask.error) : undefined}
          onSubmit={(email) => ask.mutate(email)}
        />
      )}
    </PublicPage>
  );
}
