/** The page behind an invitation's link: who is invited to what, and the password to set. */

import { PublicPage, SetPasswordForm } from '@abetworks/app-kit';
import { errorsByField, ProblemError } from '@abetworks/problem';
import { useFieldWording, useProblemWording } from '@abetworks/problem/wording';
import { Alert, Anchor, Button, Center, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { invitationQuery, useAcceptInvitation } from '../api/invitation';
import { organisationQuery } from '../api/session';

export function AcceptInvitation({ token }: { token: string | null }) {
  const { t } = useTranslation(['crm', 'ui']);
  const client = useClient();
  const wordProblem = useProblemWording();
  const organisation = useQuery(organisationQuery(client));
  const invitation = useQuery(invitationQuery(client, token));
  const name = invitation.data?.organisation ?? organisation.data?.name;
  const code = invitation.error instanceof ProblemError ? invitation.error.code : 'internal';
  const unusable = token === null || code === 'invitation-invalid';

  if (token !== null && invitation.data !== undefined) {
    return (
      <PublicPage
        organisation={name}
        title={t('invitation.title', { organisation: invitation.data.organisation })}
        text={t('invitation.text')}
      >
        <PasswordStep token={token} {...invitation.data} />
      </PublicPage>
    );
  }
  if (token !== null && invitation.isPending) {
    return (
      <PublicPage organisation={name} title={t('invitation.checking')}>
        <Center p="lg">
          <Loader aria-hidden />
        </Center>
      </PublicPage>
    );
  }
  return (
    <PublicPage organisation={name} title={t('invitation.failed')}>
      <Alert color="red" mb="md">
        {wordProblem(unusable ? 'invitation-invalid' : code)}
      </Alert>
      {unusable ? (
        <Anchor component={Link} to="/sign-in" underline="always">
          {t('invitation.toSignIn')}
        </Anchor>
      ) : (
        <Button onClick={() => void invitation.refetch()}>{t('ui:actions.retry')}</Button>
      )}
    </PublicPage>
  );
}

interface PasswordStepProps {
  token: string;
  email: string;
  name: string;
  second_factor: boolean;
}

const FIELDS = ['name', 'password', 'code'];

function PasswordStep({ token, email, name, second_factor }: PasswordStepProps) {
  const navigate = useNavigate();
  const accept = useAcceptInvitation(token);
  const wordProblem = useProblemWording();
  const wordField = useFieldWording();
  const problem = accept.error instanceof ProblemError ? accept.error : undefined;
  const { byField, others } = errorsByField(problem?.errors ?? [], FIELDS);
  const atFields = problem?.code === 'validation' && others.length === 0;
  return (
    <SetPasswordForm
      email={email}
      initialName={name}
      secondFactor={second_factor}
      pending={accept.isPending}
      refusal={problem === undefined || atFields ? undefined : wordProblem(problem.code)}
      fieldErrors={{
        ...(byField.name ? { name: wordField(byField.name) } : {}),
        ...(byField.password ? { password: wordField(byField.password) } : {}),
        ...(byField.code ? { code: wordField(byField.code) } : {}),
      }}
      onSubmit={(values) => accept.mutate(values, { onSuccess: () => void navigate({ to: '/' }) })}
    />
  );
}
