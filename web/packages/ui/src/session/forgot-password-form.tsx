/** Asks for the address that a link for a new password goes to. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PublicForm } from './public-form';

interface ForgotPasswordFormProps {
  pending: boolean;
  refusal?: string | undefined;
  onSubmit: (email: string) => void;
}

export function ForgotPasswordForm({ pending, refusal, onSubmit }: ForgotPasswordFormProps) {
  const { t } = useTranslation('ui');
  const [email, setEmail] = useState('');
  return (
    <PublicForm
      pending={pending}
      refusal={refusal}
      submit={t('forgotPassword.submit')}
      onSubmit={() => onSubmit(email)}
    >
      <TextInput
        label={t('signIn.email')}
        type="email"
        name="email"
        autoComplete="username"
        required
        withAsterisk={false}
        size="md"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
    </PublicForm>
  );
}
