/** Asks for the address that a link goes to: for a new password, or to register. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PublicForm } from './public-form';

interface AddressFormProps {
  pending: boolean;
  refusal?: string | undefined;
  onSubmit: (email: string) => void;
}

export function AddressForm({ pending, refusal, onSubmit }: AddressFormProps) {
  const { t } = useTranslation('kit');
  const [email, setEmail] = useState('');
  return (
    <PublicForm
      pending={pending}
      refusal={refusal}
      submit={t('address.submit')}
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
