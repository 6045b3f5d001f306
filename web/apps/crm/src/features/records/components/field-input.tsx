/** The input of a field, by the field's type. It must not check values: the server does. */
import { Checkbox, Skeleton, Textarea, TextInput } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { type FieldInputProps, useCommonProps } from './field-props';

const ChoiceInput = lazy(async () => ({ default: (await import('./choice-inputs')).ChoiceInput }));

const AddressesField = lazy(async () => ({
  default: (await import('./addresses-field')).AddressesField,
}));

const ParticipantsField = lazy(async () => ({
  default: (await import('./participants-field')).ParticipantsField,
}));

const NumberField = lazy(async () => ({ default: (await import('./number-field')).NumberField }));

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
    case 'decimal':
    case 'percent':
      return (
        <Suspense fallback={<Skeleton h={60} />}>
          <NumberField {...props} />
        </Suspense>
      );
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
    case 'records':
    case 'choice':
    case 'tags':
      return (
        <Suspense fallback={<Skeleton h={60} />}>
          <ChoiceInput {...props} />
        </Suspense>
      );
    case 'emails':
    case 'phones':
      return (
        <Suspense fallback={<Skeleton h={60} />}>
          <AddressesField {...props} />
        </Suspense>
      );
    case 'participants':
      return (
        <Suspense fallback={<Skeleton h={60} />}>
          <ParticipantsField {...props} />
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
