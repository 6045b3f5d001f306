/** The input of a password to set. The rules are the server's, not this input's. */
import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function NewPasswordInput(props: PasswordInputProps) {
  const { t } = useTranslation('kit');
  return (
    <PasswordInput
      label={t('newPassword.label')}
      description={t('newPassword.hint')}
      name="new-password"
      autoComplete="new-password"
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
      {...props}
    />
  );
}
