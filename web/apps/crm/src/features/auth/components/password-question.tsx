/** One's password once more, so that an unlocked screen is not enough. */

import { Dialog, useServerForm } from '@abetworks/app-kit';
import { Alert, Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

interface PasswordQuestionProps {
  opened: boolean;
  title: string;
  text: string;
  mutation: UseMutationResult<unknown, Error, string>;
  onDone: () => void;
  onClose: () => void;
}

export function PasswordQuestion({ opened, title, onClose, ...rest }: PasswordQuestionProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <Question onClose={onClose} {...rest} />
    </Dialog>
  );
}

/** Apart, so that it begins anew each time it is asked. */
function Question(props: Omit<PasswordQuestionProps, 'opened' | 'title'>) {
  const { text, mutation, onDone, onClose } = props;
  const { t } = useTranslation(['crm', 'kit']);
  const { form, refusal, clear, refuse } = useServerForm({ password: '' }, ['password']);
  const submit = form.onSubmit(({ password }) => {
    clear();
    mutation.mutate(password, { onSuccess: onDone, onError: refuse });
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>{text}</Text>
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <PasswordInput
          label={t('kit:signIn.password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': t('kit:signIn.showPassword') }}
          {...form.getInputProps('password')}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            {t('kit:secondStep.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
