/** Name and a new password, for someone who was invited; and a code, for who has a second factor already. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NewPasswordInput } from './new-password-input';
import { PublicForm } from './public-form';

export interface SetPasswordValues {
  name: string;
  password: string;
  code?: string;
}

interface SetPasswordFormProps {
  email: string;
  initialName: string;
  secondFactor: boolean;
  pending: boolean;
  refusal?: string | undefined;
  fieldErrors: Partial<Record<keyof SetPasswordValues, string>>;
  onSubmit: (values: SetPasswordValues) => void;
}

export function SetPasswordForm(props: SetPasswordFormProps) {
  const { t } = useTranslation('kit');
  const [values, setValues] = useState<SetPasswordValues>({
    name: props.initialName,
    password: '',
  });
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
      {props.secondFactor && (
        <TextInput
          label={t('secondStep.code')}
          description={t('secondStep.hint')}
          name="code"
          autoComplete="one-time-code"
          required
          withAsterisk={false}
          size="md"
          error={props.fieldErrors.code}
          value={values.code ?? ''}
          onChange={(event) => setValues({ ...values, code: event.currentTarget.value })}
        />
      )}
    </PublicForm>
  );
}
