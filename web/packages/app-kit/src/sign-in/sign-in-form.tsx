/** E-mail and password. It tells its owner what was entered and shows the refusal it is given. */
import { PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PublicForm } from './public-form';

export interface SignInValues {
  email: string;
  password: string;
}

interface SignInFormProps {
  pending: boolean;
  /** Worded; shown above the fields, since it never says which of the two was wrong. */
  refusal?: string | undefined;
  onSubmit: (values: SignInValues) => void;
}

export function SignInForm({ pending, refusal, onSubmit }: SignInFormProps) {
  const { t } = useTranslation('kit');
  const [values, setValues] = useState<SignInValues>({ email: '', password: '' });
  return (
    <PublicForm
      pending={pending}
      refusal={refusal}
      submit={t('signIn.submit')}
      onSubmit={() => onSubmit(values)}
    >
      <TextInput
        label={t('signIn.email')}
        type="email"
        name="email"
        autoComplete="username"
        required
        withAsterisk={false}
        size="md"
        value={values.email}
        onChange={(event) => setValues({ ...values, email: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('signIn.password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        size="md"
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        value={values.password}
        onChange={(event) => setValues({ ...values, password: event.currentTarget.value })}
      />
    </PublicForm>
  );
}
