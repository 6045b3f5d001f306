/** The sign-in page. */
import { ProblemError } from '@abetworks/api-crm';
import { PublicPage, SignInForm, useProblemWording } from '@abetworks/ui';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../app/context';
import { organisationQuery, useSignIn } from '../api/session';

export function SignIn({ to }: { to: string }) {
  const { t } = useTranslation('crm');
  const router = useRouter();
  const signIn = useSignIn();
  const wordProblem = useProblemWording();
  const organisation = useQuery(organisationQuery(useClient()));
  const code = signIn.error instanceof ProblemError ? signIn.error.code : 'internal';
  return (
    <PublicPage
      organisation={organisation.data?.name}
      title={t('signIn.title')}
      text={t('signIn.text')}
    >
      <SignInForm
        pending={signIn.isPending}
        refusal={signIn.isError ? wordProblem(code) : undefined}
        onSubmit={(values) => signIn.mutate(values, { onSuccess: () => router.history.push(to) })}
      />
    </PublicPage>
  );
}
