/**
 * The inputs that offer a choice: what they are made of is large, so they are loaded when a form
 * shows one. It must not hold an input that takes the focus when a form opens.
 */
import { Pill } from '@abetworks/ui';
import { MultiSelect, Select } from '@mantine/core';
import type { FieldDescription } from '../description';
import { useText } from '../use-objects';
import { type FieldInputProps, orEmpty, useClearLabel, useCommonProps } from './field-props';
import { MoneyField } from './money-field';
import { RecordsField } from './records-field';
import { RelationField, StageField, TeamField, UserField } from './reference-fields';
import { TagsField } from './tags-field';

export function ChoiceInput(props: FieldInputProps) {
  switch (props.field.type) {
    case 'currency':
      return <MoneyField {...props} />;
    case 'pick':
      return <PickField {...props} />;
    case 'multi_pick':
      return <SeveralField {...props} />;
    case 'user':
      return <UserField {...props} />;
    case 'team':
      return <TeamField {...props} />;
    case 'relation':
      return <RelationField {...props} />;
    case 'records':
      return <RecordsField {...props} />;
    case 'tags':
      return <TagsField {...props} />;
    default:
      return <StageField {...props} />;
  }
}

function useOptions({ options }: FieldDescription) {
  const text = useText();
  return options.map(({ key, label }) => ({ value: key, label: text(label) }));
}

/** As the value looks where it is read. */
function renderOption({ options }: FieldDescription) {
  return ({ option: { value, label } }: { option: { value: string; label: string } }) => (
    <Pill place={options.findIndex(({ key }) => key === value)} text={label} />
  );
}

function PickField(props: FieldInputProps) {
  const common = useCommonProps(props);
  const clear = useClearLabel();
  return (
    <Select
      {...common}
      {...orEmpty(common)}
      data={useOptions(props.field)}
      renderOption={renderOption(props.field)}
      clearable={!props.field.required && !props.readOnly}
      allowDeselect={!props.field.required}
      clearButtonProps={{ 'aria-label': clear }}
    />
  );
}

function SeveralField(props: FieldInputProps) {
  const common = useCommonProps(props);
  return (
    <MultiSelect
      {...common}
      data={useOptions(props.field)}
      renderOption={renderOption(props.field)}
      clearable={!props.readOnly}
      clearButtonProps={{ 'aria-label': useClearLabel() }}
    />
  );
}
