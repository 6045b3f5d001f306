/** The form of a page that needs no session: what was refused, its inputs, one button. */
import { Alert, Button, Stack } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { FormEvent, ReactNode } from 'react';

interface PublicFormProps {
  pending: boolean;
  /** Worded; of the form as a whole. */
  refusal?: string | undefined;
  submit: string;
  onSubmit: () => void;
  children: ReactNode;
}

export function PublicForm({ pending, refusal, submit, onSubmit, children }: PublicFormProps) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={send}>
      <Stack gap="md">
        {refusal === undefined ? null : (
          <Alert color="red" icon={<IconAlertCircle aria-hidden />}>
            {refusal}
          </Alert>
        )}
        {children}
        <Button type="submit" size="md" fullWidth loading={pending} mt="xs">
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
