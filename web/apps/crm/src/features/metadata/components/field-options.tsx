/** The choices of a pick list, in their order. Records keep a choice's key, which nobody has to see. */
import { ActionIcon, Button, Fieldset, Group, Input, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type FieldValues, MOST_OPTIONS } from '../custom-field';

export function FieldOptions({ form }: { form: UseFormReturnType<FieldValues> }) {
  const { t } = useTranslation('crm');
  const { options } = form.getValues();
  const blank = { key: '', label: { en: '', de: '' } };
  return (
    <Fieldset legend={t('settings.fields.options')} radius="md">
      <Stack gap="xs">
        {options.map((option, index) => {
          const name = option.label.en || option.label.de || String(index + 1);
          const move = (by: -1 | 1) =>
            form.reorderListItem('options', { from: index, to: index + by });
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: inputs are told apart by their place
            <Group key={index} gap={4} wrap="nowrap" align="flex-start">
              <TextInput
                flex={1}
                aria-label={t('settings.fields.optionEn', { number: index + 1 })}
                placeholder="English"
                {...form.getInputProps(`options.${index}.label.en`)}
              />
              <TextInput
                flex={1}
                aria-label={t('settings.fields.optionDe', { number: index + 1 })}
                placeholder={option.label.en || 'Deutsch'}
                {...form.getInputProps(`options.${index}.label.de`)}
              />
              <ActionIcon
                variant="default"
                size={36}
                disabled={index === 0}
                aria-label={t('settings.moveUp', { name })}
                onClick={() => move(-1)}
              >
                <IconArrowUp size={16} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="default"
                size={36}
                disabled={index === options.length - 1}
                aria-label={t('settings.moveDown', { name })}
                onClick={() => move(1)}
              >
                <IconArrowDown size={16} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={t('settings.fields.removeOption', { name })}
                onClick={() => form.removeListItem('options', index)}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </Group>
          );
        })}
        {form.errors.options === undefined ? null : (
          <Input.Error role="alert">{form.errors.options}</Input.Error>
        )}
        <Group>
          <Button
            size="xs"
            variant="default"
            disabled={options.length >= MOST_OPTIONS}
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => form.insertListItem('options', blank)}
          >
            {t('settings.fields.addOption')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
