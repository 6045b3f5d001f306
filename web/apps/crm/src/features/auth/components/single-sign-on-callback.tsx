/** The page that the provider sends people back to: it posts what they bring, or says why there is nothing to post. */
import { PublicPage, useRefusalWording } from '@abetworks/app-kit';
import { Alert, Anchor, Center, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { organisationQuery } from '../api/session';
import { useFinishSingleSignOn } from '../api/single-sign-on';
import { takePlace } from '../single-sign-on-place';

/** Errors of OAuth and OpenID Connect that have words of their own. */
const KNOWN = ['access_denied', 'login_required', 'temporarily_unavailable'] as const;

interface SingleSignOnCallbackProps {
  /** The query of the address. */
  query: string | null;
}

export function SingleSignOnCallback({ query }: SingleSignOnCallbackProps) {
  const { t } = useTranslation(['crm', 'kit']);
  const organisation = useQuery(organisationQuery(useClient()));
  const finish = useFinish(query);
  const word = useRefusalWording();
  const wordError = useErrorWording();
  const said = new URLSearchParams(query ?? '');
  const error = said.get('error');
  const complete = said.has('code') && said.has('state');
  if (error === null && complete && !finish.isError) {
    return (
      <PublicPage organisation={organisation.data?.name} title={t('singleSignOn.entering')}>
        <Center p="lg">
          <Loader aria-hidden />
        </Center>
      </PublicPage>
    );
  }
  const refusal = error === null ? t('singleSignOn.incomplete') : wordError(error);
  return (
    <PublicPage organisation={organisation.data?.name} title={t('singleSignOn.failed')}>
      <Alert color="red" mb="md">
        {finish.isError ? word(finish.error) : refusal}
      </Alert>
      <Anchor component={Link} to="/sign-in" underline="always">
        {t('kit:signIn.back')}
      </Anchor>
    </PublicPage>
  );
}

/** The provider's own sentence is not shown: anybody could write one into a link. */
function useErrorWording(): (error: string) => string {
  const { t } = useTranslation('crm');
  return (error) => {
    const known = KNOWN.find((code) => code === error);
    return known === undefined
      ? t('singleSignOn.errors.other', { code: error.slice(0, 60) })
      : t(`singleSignOn.errors.${known}`);
  };
}

/** Posts the answer, once: a code works once. */
function useFinish(query: string | null) {
  const finish = useFinishSingleSignOn();
  const { history } = useRouter();
  const posted = useRef<string>(null);
  const { mutate } = finish;
  useEffect(() => {
    const said = new URLSearchParams(query ?? '');
    const [code, state, iss] = [said.get('code'), said.get('state'), said.get('iss')];
    if (query === null || code === null || state === null || said.has('error')) return;
    if (posted.current === query) return;
    posted.current = query;
    mutate({ code, state, iss }, { onSuccess: () => history.replace(takePlace()) });
  }, [query, mutate, history]);
  return finish;
}
