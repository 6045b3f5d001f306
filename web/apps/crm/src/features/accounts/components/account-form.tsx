/** The inputs of an account. Rules are the server's: its refusals are shown at the inputs. */
import { Button, Group, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountValues } from '../account-values';

const LARGEST_INTEGER = 2 ** 31 - 1;

interface AccountFormProps {
  form: UseFormReturnType<AccountValues>;
  pending: boolean;
  readOnly?: boolean;
  /** Above the inputs: what concerns the whole form. */
  notice?: ReactNode;
  /** Beside the buttons at the end. */
  aside?: ReactNode;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  onCancel: () => void;
}

export function AccountForm(props: AccountFormProps) {
  const { form, pending, readOnly = false, notice, aside, onSubmit, onCancel } = props;
  const { t } = useTranslation('crm');
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        {notice}
        <TextInput
          label={t('accounts.fields.name')}
          withAsterisk
          aria-required
          data-autofocus
          readOnly={readOnly}
          {...form.getInputProps('name')}
        />
        <Group grow gap="md" align="flex-start" preventGrowOverflow={false} wrap="wrap">
          <TextInput
            label={t('accounts.fields.industry')}
            readOnly={readOnly}
            {...form.getInputProps('industry')}
          />
          <NumberInput
            label={t('accounts.fields.employees')}
            readOnly={readOnly}
            hideControls
            // What does not fit the API's integer could not even be refused at its field.
            max={LARGEST_INTEGER}
            clampBehavior="strict"
            allowDecimal={false}
            {...form.getInputProps('employees')}
          />
        </Group>
        <TextInput
          label={t('accounts.fields.website')}
          type="url"
          placeholder="https://"
          readOnly={readOnly}
          {...form.getInputProps('website')}
        />
        <TextInput
          label={t('accounts.fields.phone')}
          type="tel"
          readOnly={readOnly}
          {...form.getInputProps('phone')}
        />
        <Textarea
          label={t('accounts.fields.description')}
          autosize
          minRows={4}
          maxRows={12}
          readOnly={readOnly}
          {...form.getInputProps('description')}
        />
        <Group justify="space-between" mt="sm">
          <div>{aside}</div>
          <Group gap="xs">
            <Button variant="default" onClick={onCancel}>
              {t('actions.cancel')}
            </Button>
            {readOnly ? null : (
              <Button type="submit" loading={pending}>
                {t('actions.save')}
              </Button>
            )}
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
