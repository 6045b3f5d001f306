/** Before anything else: a second factor, where the organisation demands one. */
import { PublicForm, PublicPage, ShownOnce, useServerForm } from '@abetworks/app-kit';
import { Anchor, Button, Center, PasswordInput, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { useBeginSecondFactor } from '../api/second-factor';
import { organisationQuery, sessionKey } from '../api/session';
import { SecondFactorSetup } from './second-factor-setup';
import { useLeave } from './use-leave';

/** `to`: where to go afterwards. */
export function RequiredSecondFactor({ to }: { to: string }) {
  const { t } = useTranslation('crm');
  const organisation = useQuery(organisationQuery(useClient()));
  const leave = useLeave();
  const begin = useBeginSecondFactor();
  const [codes, setCodes] = useState<string[]>();
  const enter = useEnter(to);
  return (
    <PublicPage
      organisation={organisation.data?.name}
      title={t('requiredFactor.title')}
      text={codes === undefined ? t('requiredFactor.text') : undefined}
      footer={
        <Center>
          <Anchor component="button" type="button" underline="always" onClick={leave}>
            {t('requiredFactor.leave')}
          </Anchor>
        </Center>
      }
    >
      {codes !== undefined ? (
        <Stack gap="md">
          <ShownOnce
            title={t('settings.security.recoveryCodes')}
            text={t('settings.security.recoveryText')}
            value={codes.join('\n')}
          />
          <Button size="md" fullWidth onClick={() => void enter()}>
            {t('requiredFactor.enter')}
          </Button>
        </Stack>
      ) : begin.data === undefined ? (
        <PasswordStep begin={begin} />
      ) : (
        <SecondFactorSetup {...begin.data} onOn={setCodes} onCancel={begin.reset} />
      )}
    </PublicPage>
  );
}

/** The server knows by now that nothing is missing any more. */
function useEnter(to: string): () => Promise<void> {
  const queryClient = useQueryClient();
  const { history } = useRouter();
  return async () => {
    await queryClient.refetchQueries({ queryKey: sessionKey });
    history.push(to);
  };
}

function PasswordStep({ begin }: { begin: ReturnType<typeof useBeginSecondFactor> }) {
  const { t } = useTranslation('kit');
  const { form, refusal, clear, refuse } = useServerForm({ password: '' }, ['password']);
  return (
    <PublicForm
      pending={begin.isPending}
      refusal={refusal}
      submit={t('secondStep.submit')}
      onSubmit={() => {
        clear();
        begin.mutate(form.values.password, { onError: refuse });
      }}
    >
      <PasswordInput
        {...form.getInputProps('password')}
        label={t('signIn.password')}
        autoComplete="current-password"
        required
        withAsterisk={false}
        size="md"
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
      />
    </PublicForm>
  );
}
