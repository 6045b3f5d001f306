/** Name and a new password, for someone who was invited. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NewPasswordInput } from './new-password-input';
import { PublicForm } from './public-form';

export interface SetPasswordValues {
  name: string;
  password: string;
}

interface SetPasswordFormProps {
  email: string;
  initialName: string;
  pending: boolean;
  refusal?: string | undefined;
  fieldErrors: Partial<Record<keyof SetPasswordValues, string>>;
  onSubmit: (values: SetPasswordValues) => void;
}

export function SetPasswordForm(props: SetPasswordFormProps) {
  const { t } = useTranslation('kit');
  const [values, setValues] = useState({ name: props.initialName, password: '' });
  return (
    <PublicForm
      pending={props.pending}
      refusal={props.refusal}
      submit={t('invitation.submit')}
      onSubmit={() => props.onSubmit(values)}
    >
      <TextInput
        label={t('signIn.email')}
        type="email"
        name="email"
        autoComplete="username"
        size="md"
        readOnly
        value={props.email}
      />
      <TextInput
        label={t('invitation.name')}
        name="name"
        autoComplete="name"
        required
        withAsterisk={false}
        size="md"
        error={props.fieldErrors.name}
        value={values.name}
        onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
      />
      <NewPasswordInput
        size="md"
        error={props.fieldErrors.password}
        value={values.password}
        onChange={(event) => setValues({ ...values, password: event.currentTarget.value })}
      />
    </PublicForm>
  );
}
