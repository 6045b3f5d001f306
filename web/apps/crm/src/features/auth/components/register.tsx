/** "I am new here": says the same for every address, whether it may register or not. */
import { AddressForm, PublicPage, useRefusalWording } from '@abetworks/app-kit';
import { Alert, Anchor, Center } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { useAskToRegister } from '../api/registration';
import { organisationQuery } from '../api/session';

export function Register() {
  const { t } = useTranslation(['crm', 'kit']);
  const organisation = useQuery(organisationQuery(useClient()));
  const ask = useAskToRegister();
  const word = useRefusalWording();
  return (
    <PublicPage
      organisation={organisation.data?.name}
      title={t('register.title')}
      text={ask.isSuccess ? undefined : t('register.text')}
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
          {t('register.sent', { email: ask.variables })}
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
