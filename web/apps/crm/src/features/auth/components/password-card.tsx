/** Changing one's password. */
import { NewPasswordInput, useServerForm } from '@abetworks/app-kit';
import { Alert, Button, Group, PasswordInput, SimpleGrid, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { useChangePassword } from '../api/password';

const EMPTY = { current_password: '', new_password: '' };

export function PasswordCard() {
  const { t } = useTranslation(['crm', 'kit']);
  const change = useChangePassword();
  const { form, refusal, clear, refuse } = useServerForm(EMPTY, Object.keys(EMPTY));
  const submit = form.onSubmit((values) => {
    clear();
    change.mutate(values, {
      onSuccess: () => {
        form.reset();
        notifications.show({ color: 'green', message: t('settings.security.passwordChanged') });
      },
      onError: refuse,
    });
  });
  return (
    <SettingsCard
      title={t('settings.security.password')}
      text={t('settings.security.passwordText')}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <PasswordInput
              label={t('settings.security.currentPassword')}
              autoComplete="current-password"
              required
              withAsterisk={false}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              visibilityToggleButtonProps={{ 'aria-label': t('kit:signIn.showPassword') }}
              {...form.getInputProps('current_password')}
            />
            <NewPasswordInput
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              {...form.getInputProps('new_password')}
            />
          </SimpleGrid>
          <Group>
            <Button type="submit" loading={change.isPending}>
              {t('settings.security.changePassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </SettingsCard>
  );
}
