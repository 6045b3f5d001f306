/** The input of a field, by the field's type. It must not check values: the server does. */
import { decimalSeparator } from '@abetworks/ui';
import { Checkbox, NumberInput, Skeleton, Textarea, TextInput } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { type FieldInputProps, useCommonProps } from './field-props';

const ChoiceInput = lazy(async () => ({ default: (await import('./choice-inputs')).ChoiceInput }));

const KEYBOARDS: Record<string, string> = {
  email: 'email',
  phone: 'tel',
  url: 'url',
  date: 'date',
  date_time: 'datetime-local',
};

export function FieldInput(props: FieldInputProps) {
  const { field } = props;
  const common = useCommonProps(props);
  switch (field.type) {
    case 'long_text':
      return <Textarea {...common} autosize minRows={4} maxRows={12} />;
    case 'integer':
      return (
        <NumberInput
          {...common}
          hideControls
          // What a number cannot hold could not even be refused at its field.
          max={Number.MAX_SAFE_INTEGER}
          clampBehavior="strict"
          allowDecimal={false}
        />
      );
    case 'decimal':
    case 'percent':
      return <DecimalField {...props} />;
    case 'boolean': {
      const { value, withAsterisk, readOnly: fixed, ...rest } = common;
      return <Checkbox {...rest} checked={value === true} disabled={fixed} />;
    }
    case 'currency':
    case 'pick':
    case 'multi_pick':
    case 'user':
    case 'team':
    case 'relation':
    case 'choice':
      return (
        <Suspense fallback={<Skeleton h={60} />}>
          <ChoiceInput {...props} />
        </Suspense>
      );
    default:
      return (
        <TextInput
          {...common}
          type={KEYBOARDS[field.type] ?? 'text'}
          {...(field.type === 'url' ? { placeholder: 'https://' } : {})}
        />
      );
  }
}

/** Kept as a text: a number would lose digits. */
function DecimalField(props: FieldInputProps) {
  const common = useCommonProps(props);
  const { i18n } = useTranslation();
  return (
    <NumberInput {...common} hideControls decimalSeparator={decimalSeparator(i18n.language)} />
  );
}
