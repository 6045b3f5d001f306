/** Name and a new password, for someone who was invited. The rules are the server's, not this form's. */
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

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
  const { t } = useTranslation('ui');
  const [values, setValues] = useState({ name: props.initialName, password: '' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit(values);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {props.refusal === undefined ? null : (
          <Alert color="red" icon={<IconAlertCircle aria-hidden />}>
            {props.refusal}
          </Alert>
        )}
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
        <PasswordInput
          label={t('invitation.password')}
          description={t('invitation.passwordHint')}
          name="new-password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          size="md"
          error={props.fieldErrors.password}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          value={values.password}
          onChange={(event) => setValues({ ...values, password: event.currentTarget.value })}
        />
        <Button type="submit" size="md" fullWidth loading={props.pending} mt="xs">
          {t('invitation.submit')}
        </Button>
      </Stack>
    </form>
  );
}
