/** The contacts that take part in an opportunity: one line each, with what they do in it. */
import { Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FieldDescription, Participant } from '../description';
import { type FieldInputProps, useCommonProps } from './field-props';
import { LinesFrame, RemoveLine } from './lines-frame';
import { RelationField } from './reference-fields';

const BLANK: Participant = { contact_id: '', role: null, primary: false };

export function ParticipantsField(props: FieldInputProps) {
  const { label, readOnly, value, onChange, error } = useCommonProps(props);
  const known = value as Participant[];
  const lines = known.length === 0 ? [BLANK] : known;
  const change = (index: number, part: Partial<Participant>) =>
    onChange(
      lines.map((line, place) => {
        if (place === index) return { ...line, ...part };
        // One stands for all, or none.
        return part.primary === true ? { ...line, primary: false } : line;
      }),
    );
  return (
    <LinesFrame
      label={label}
      readOnly={readOnly}
      error={error}
      onAdd={() => onChange([...lines, BLANK])}
    >
      {lines.map((line, index) => (
        <Line
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no contact before one is chosen
          key={index}
          field={props.field}
          line={line}
          name={`${label} ${index + 1}`}
          onChange={(part) => change(index, part)}
          onRemove={
            known.length === 0
              ? undefined
              : () => onChange(lines.filter((_, place) => place !== index))
          }
        />
      ))}
    </LinesFrame>
  );
}

interface LineProps {
  field: FieldDescription;
  line: Participant;
  /** What the line is called: `Contacts 2`. */
  name: string;
  onChange: (part: Partial<Participant>) => void;
  onRemove: (() => void) | undefined;
}

function Line({ field, line, name, onChange, onRemove }: LineProps) {
  const { t } = useTranslation('crm');
  const of = (what: string) => `${name}: ${what}`;
  const reference = { ...field, type: 'relation', label: { en: name, de: name }, help: null };
  return (
    <Stack gap={6}>
      <RelationField
        field={reference}
        readOnly={false}
        input={{
          value: line.contact_id,
          onChange: (chosen: unknown) => onChange({ contact_id: String(chosen ?? '') }),
        }}
      />
      <Group gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          aria-label={of(t('participants.role'))}
          placeholder={t('participants.role')}
          maxLength={100}
          value={line.role ?? ''}
          onChange={(event) => onChange({ role: event.currentTarget.value })}
        />
        <Checkbox
          size="xs"
          label={t('participants.primary')}
          aria-label={of(t('participants.primary'))}
          checked={line.primary}
          onChange={(event) => onChange({ primary: event.currentTarget.checked })}
        />
        <RemoveLine name={name} onRemove={onRemove} />
      </Group>
    </Stack>
  );
}
