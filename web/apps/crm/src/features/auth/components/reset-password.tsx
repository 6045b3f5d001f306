/** The page behind a reset's link: a new password. Signing in with it is a step of its own. */

import { codeOf, PublicPage, ResetPasswordForm, useRefusalWording } from '@abetworks/app-kit';
import { errorsByField, ProblemError } from '@abetworks/problem';
import { useFieldWording } from '@abetworks/problem/wording';
import { Alert, Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { useCompleteReset } from '../api/password-reset';
import { organisationQuery } from '../api/session';

export function ResetPassword({ token }: { token: string | null }) {
  const { t } = useTranslation(['crm', 'problem']);
  const organisation = useQuery(organisationQuery(useClient())).data?.name;
  const complete = useCompleteReset(token ?? '');
  const word = useRefusalWording();
  const wordField = useFieldWording();
  if (complete.isSuccess) {
    return (
      <PublicPage organisation={organisation} title={t('reset.title')}>
        <Alert role="status" color="green" mb="md">
          {t('reset.done')}
        </Alert>
        <Anchor component={Link} to="/sign-in" underline="always">
          {t('invitation.toSignIn')}
        </Anchor>
      </PublicPage>
    );
  }
  if (token === null || codeOf(complete.error) === 'link-invalid') {
    return (
      <PublicPage organisation={organisation} title={t('reset.failed')}>
        <Alert color="red" mb="md">
          {t('problem:problems.link-invalid')}
        </Alert>
        <Anchor component={Link} to="/forgot-password" underline="always">
          {t('reset.again')}
        </Anchor>
      </PublicPage>
    );
  }
  const errors = complete.error instanceof ProblemError ? complete.error.errors : [];
  const { byField, others } = errorsByField(errors, ['password']);
  const atField = byField.password !== undefined && others.length === 0;
  return (
    <PublicPage organisation={organisation} title={t('reset.title')} text={t('reset.text')}>
      <ResetPasswordForm
        pending={complete.isPending}
        refusal={complete.isError && !atField ? word(complete.error) : undefined}
        error={byField.password === undefined ? undefined : wordField(byField.password)}
        onSubmit={(password) => complete.mutate(password)}
      />
    </PublicPage>
  );
}
