/** The second step of signing in: a code of the app, or one of the recovery codes. */
import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PublicForm } from './public-form';

interface SecondStepFormProps {
  pending: boolean;
  refusal?: string | undefined;
  onSubmit: (code: string) => void;
}

export function SecondStepForm({ pending, refusal, onSubmit }: SecondStepFormProps) {
  const { t } = useTranslation('kit');
  const [code, setCode] = useState('');
  const input = useRef<HTMLInputElement>(null);
  // The page has changed under the person: the code is all there is to enter.
  useEffect(() => input.current?.focus(), []);
  return (
    <PublicForm
      pending={pending}
      refusal={refusal}
      submit={t('secondStep.submit')}
      onSubmit={() => onSubmit(code.trim())}
    >
      <TextInput
        label={t('secondStep.code')}
        description={t('secondStep.hint')}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        required
        withAsterisk={false}
        size="md"
        ref={input}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </PublicForm>
  );
}
