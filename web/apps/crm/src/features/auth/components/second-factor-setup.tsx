/** Setting the second factor up: the app learns the secret, and proves it with a code. */

import { useServerForm } from '@abetworks/app-kit';
import { Alert, Anchor, Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useConfirmSecondFactor } from '../api/second-factor';

interface SecondFactorSetupProps {
  secret: string;
  /** `otpauth://…`: opens an app on the same device. */
  uri: string;
  onOn: (recoveryCodes: string[]) => void;
  onCancel: () => void;
}

export function SecondFactorSetup({ secret, uri, onOn, onCancel }: SecondFactorSetupProps) {
  const { t } = useTranslation(['crm', 'kit']);
  const confirm = useConfirmSecondFactor();
  const { form, refusal, clear, refuse } = useServerForm({ code: '' }, ['code']);
  const submit = form.onSubmit(({ code }) => {
    clear();
    confirm.mutate(code.trim(), {
      onSuccess: ({ recovery_codes }) => onOn(recovery_codes),
      onError: refuse,
    });
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>{t('settings.security.setupText')}</Text>
        <Code block fz="md" aria-label={t('settings.security.setupKey')}>
          {secret.replace(/(.{4})(?=.)/g, '$1 ')}
        </Code>
        <Anchor href={uri} underline="always">
          {t('settings.security.openApp')}
        </Anchor>
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <TextInput
          label={t('kit:secondStep.code')}
          description={t('settings.security.codeHint')}
          autoComplete="one-time-code"
          inputMode="numeric"
          maw={240}
          required
          withAsterisk={false}
          {...form.getInputProps('code')}
        />
        <Group gap="xs">
          <Button type="submit" loading={confirm.isPending}>
            {t('settings.security.switchOn')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('actions.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
