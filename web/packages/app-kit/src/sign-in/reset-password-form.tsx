/** A new password, for someone who came by a link. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NewPasswordInput } from './new-password-input';
import { PublicForm } from './public-form';

interface ResetPasswordFormProps {
  pending: boolean;
  refusal?: string | undefined;
  /** At the input. */
  error?: string | undefined;
  onSubmit: (password: string) => void;
}

export function ResetPasswordForm({ pending, refusal, error, onSubmit }: ResetPasswordFormProps) {
  const { t } = useTranslation('kit');
  const [password, setPassword] = useState('');
  return (
    <PublicForm
      pending={pending}
      refusal={refusal}
      submit={t('newPassword.submit')}
      onSubmit={() => onSubmit(password)}
    >
      <NewPasswordInput
        size="md"
        error={error}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </PublicForm>
  );
}
