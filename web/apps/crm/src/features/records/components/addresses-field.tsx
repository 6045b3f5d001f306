/** Several e-mail addresses or phone numbers: one line each, one of them the primary one. */
import { Checkbox, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Address } from '../description';
import { type FieldInputProps, useCommonProps } from './field-props';
import { LinesFrame, RemoveLine } from './lines-frame';

const BLANK: Address = {
  value: '',
  label: null,
  primary: false,
  opted_out: false,
  invalid: false,
};

export function AddressesField(props: FieldInputProps) {
  const { label, readOnly, value, onChange, error } = useCommonProps(props);
  const group = useId();
  const known = value as Address[];
  const lines = known.length === 0 ? [{ ...BLANK, primary: true }] : known;
  const change = (index: number, part: Partial<Address>) =>
    onChange(lines.map((line, place) => (place === index ? { ...line, ...part } : line)));
  const choose = (index: number) =>
    onChange(lines.map((line, place) => ({ ...line, primary: place === index })));
  const remove = (index: number) => {
    const left = lines.filter((_, place) => place !== index);
    const hasPrimary = left.some(({ primary }) => primary);
    onChange(left.map((line, place) => (hasPrimary ? line : { ...line, primary: place === 0 })));
  };
  return (
    <LinesFrame
      label={label}
      readOnly={readOnly}
      error={error}
      onAdd={() => onChange([...lines, BLANK])}
    >
      {lines.map((line, index) => (
        <Line
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity while they are typed
          key={index}
          line={line}
          isEmail={props.field.type === 'emails'}
          name={`${label} ${index + 1}`}
          group={group}
          onChange={(part) => change(index, part)}
          onChoose={() => choose(index)}
          onRemove={lines.length === 1 ? undefined : () => remove(index)}
        />
      ))}
    </LinesFrame>
  );
}

interface LineProps {
  line: Address;
  isEmail: boolean;
  /** What the line is called: `E-mails 2`. */
  name: string;
  /** One radio of the group is chosen. */
  group: string;
  onChange: (part: Partial<Address>) => void;
  onChoose: () => void;
  onRemove: (() => void) | undefined;
}

function Line({ line, isEmail, name, group, onChange, onChoose, onRemove }: LineProps) {
  const { t } = useTranslation('crm');
  const of = (what: string) => `${name}: ${what}`;
  return (
    <Stack gap={6}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          flex={2}
          type={isEmail ? 'email' : 'tel'}
          aria-label={name}
          value={line.value}
          onChange={(event) => onChange({ value: event.currentTarget.value })}
        />
        <TextInput
          flex={1}
          aria-label={of(t('addresses.label'))}
          placeholder={t('addresses.label')}
          maxLength={50}
          value={line.label ?? ''}
          onChange={(event) => onChange({ label: event.currentTarget.value })}
        />
        <RemoveLine name={name} onRemove={onRemove} />
      </Group>
      <Group gap="md">
        <Radio
          size="xs"
          name={group}
          label={t('addresses.primary')}
          aria-label={of(t('addresses.primary'))}
          checked={line.primary}
          onChange={onChoose}
        />
        <Checkbox
          size="xs"
          label={t('addresses.optedOut')}
          aria-label={of(t('addresses.optedOut'))}
          checked={line.opted_out}
          onChange={(event) => onChange({ opted_out: event.currentTarget.checked })}
        />
        <Checkbox
          size="xs"
          label={t('addresses.invalid')}
          aria-label={of(t('addresses.invalid'))}
          checked={line.invalid}
          onChange={(event) => onChange({ invalid: event.currentTarget.checked })}
        />
      </Group>
    </Stack>
  );
}
