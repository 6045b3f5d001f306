/** The input of a field, by the field's type. It must not check values: the server does. */
import { Checkbox, Skeleton, Textarea, TextInput } from '@mantine/core';
import { type ComponentType, lazy, Suspense } from 'react';
import { type FieldInputProps, useCommonProps } from './field-props';

const ChoiceInput = lazy(async () => ({ default: (await import('./choice-inputs')).ChoiceInput }));

const AddressesField = lazy(async () => ({
  default: (await import('./addresses-field')).AddressesField,
}));

const ParticipantsField = lazy(async () => ({
  default: (await import('./participants-field')).ParticipantsField,
}));

const NumberField = lazy(async () => ({ default: (await import('./number-field')).NumberField }));

/** Inputs that are loaded once a form has one of them. */
const LOADED: Record<string, ComponentType<FieldInputProps>> = {
  integer: NumberField,
  decimal: NumberField,
  percent: NumberField,
  currency: ChoiceInput,
  pick: ChoiceInput,
  multi_pick: ChoiceInput,
  user: ChoiceInput,
  team: ChoiceInput,
  relation: ChoiceInput,
  records: ChoiceInput,
  choice: ChoiceInput,
  tags: ChoiceInput,
  emails: AddressesField,
  phones: AddressesField,
  participants: ParticipantsField,
};

const KEYBOARDS: Record<string, string> = {
  email: 'email',
  phone: 'tel',
  url: 'url',
  date: 'date',
  date_time: 'datetime-local',
};

export function FieldInput(props: FieldInputProps) {
  const Loaded = LOADED[props.field.type];
  if (Loaded === undefined) return <PlainInput {...props} />;
  return (
    <Suspense fallback={<Skeleton h={60} />}>
      <Loaded {...props} />
    </Suspense>
  );
}

function PlainInput(props: FieldInputProps) {
  const { type } = props.field;
  const common = useCommonProps(props);
  switch (type) {
    case 'long_text':
      return <Textarea {...common} autosize minRows={4} maxRows={12} />;
    case 'boolean': {
      const { value, withAsterisk, readOnly: fixed, ...rest } = common;
      return <Checkbox {...rest} checked={value === true} disabled={fixed} />;
    }
    default:
      return (
        <TextInput
          {...common}
          type={KEYBOARDS[type] ?? 'text'}
          {...(type === 'url' ? { placeholder: 'https://' } : {})}
        />
      );
  }
}
