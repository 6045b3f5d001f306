/** The sign-in page: the password, then the second factor of who has one. */
import {
  codeOf,
  PublicPage,
  SecondStepForm,
  SignInForm,
  useRefusalWording,
} from '@abetworks/app-kit';
import { useProblemWording } from '@abetworks/problem/wording';
import { Anchor, Divider, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { organisationQuery, useSecondStep, useSignIn } from '../api/session';
import { SingleSignOnButton } from './single-sign-on-button';

export function SignIn({ to }: { to: string }) {
  const router = useRouter();
  const [challenge, setChallenge] = useState<string>();
  /** The second step took too long: the password is asked for again. */
  const [expired, setExpired] = useState<unknown>();
  const enter = () => router.history.push(to);
  if (challenge !== undefined) {
    return (
      <SecondStep
        challenge={challenge}
        onEntered={enter}
        onExpired={(error) => {
          setExpired(error);
          setChallenge(undefined);
        }}
      />
    );
  }
  return (
    <PasswordStep
      to={to}
      refused={expired}
      onEntered={enter}
      onChallenge={(next) => {
        setExpired(undefined);
        setChallenge(next);
      }}
    />
  );
}

interface PasswordStepProps {
  to: string;
  refused: unknown;
  onEntered: () => void;
  onChallenge: (challenge: string) => void;
}

function PasswordStep({ to, refused, onEntered, onChallenge }: PasswordStepProps) {
  const { t } = useTranslation(['crm', 'kit']);
  const signIn = useSignIn();
  const word = useRefusalWording();
  const organisation = useQuery(organisationQuery(useClient()));
  const provider = organisation.data?.single_sign_on;
  const error = signIn.isError ? signIn.error : signIn.isIdle ? refused : undefined;
  return (
    <PublicPage
      organisation={organisation.data?.name}
      title={t('kit:signIn.title')}
      text={t('kit:signIn.text')}
      footer={
        <Group justify="center" gap="lg">
          <Anchor component={Link} to="/forgot-password" underline="always">
            {t('kit:signIn.forgot')}
          </Anchor>
          {organisation.data?.registration === true ? (
            <Anchor component={Link} to="/register" underline="always">
              {t('register.link')}
            </Anchor>
          ) : null}
        </Group>
      }
    >
      {provider == null ? null : (
        <>
          <SingleSignOnButton label={provider.label} to={to} first={!provider.passwords} />
          <Divider
            my="lg"
            label={provider.passwords ? t('singleSignOn.or') : t('singleSignOn.administrators')}
          />
        </>
      )}
      <SignInForm
        pending={signIn.isPending}
        refusal={error === undefined ? undefined : word(error)}
        onSubmit={(values) =>
          signIn.mutate(values, {
            onSuccess: (answer) =>
              'challenge' in answer ? onChallenge(answer.challenge) : onEntered(),
          })
        }
      />
    </PublicPage>
  );
}

interface SecondStepProps {
  challenge: string;
  onEntered: () => void;
  onExpired: (error: unknown) => void;
}

function SecondStep({ challenge, onEntered, onExpired }: SecondStepProps) {
  const { t } = useTranslation('kit');
  const step = useSecondStep(challenge);
  const word = useRefusalWording();
  const wordProblem = useProblemWording();
  const organisation = useQuery(organisationQuery(useClient()));
  // The password was right: only the code can be wrong.
  const refusal =
    codeOf(step.error) === 'invalid-credentials' ? wordProblem('code-invalid') : word(step.error);
  return (
    <PublicPage
      organisation={organisation.data?.name}
      title={t('secondStep.title')}
      text={t('secondStep.text')}
    >
      <SecondStepForm
        pending={step.isPending}
        refusal={step.isError ? refusal : undefined}
        onSubmit={(code) =>
          step.mutate(code, {
            onSuccess: onEntered,
            onError: (error) => {
              if (codeOf(error) === 'link-invalid') onExpired(error);
            },
          })
        }
      />
    </PublicPage>
  );
}
