/** A number: loaded when a form shows one, since reading and grouping digits takes much script. */
import { decimalSeparator } from '@abetworks/ui';
import { NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type FieldInputProps, useCommonProps } from './field-props';

export function NumberField(props: FieldInputProps) {
  const common = useCommonProps(props);
  const { i18n } = useTranslation();
  // It comes later than its form, which has given the focus already.
  const shared = { ...common, autoFocus: props.autoFocus ?? false, hideControls: true };
  if (props.field.type === 'integer') {
    return (
      <NumberInput
        {...shared}
        // What a number cannot hold could not even be refused at its field.
        max={Number.MAX_SAFE_INTEGER}
        clampBehavior="strict"
        allowDecimal={false}
      />
    );
  }
  // Kept as a text: a number would lose digits.
  return <NumberInput {...shared} decimalSeparator={decimalSeparator(i18n.language)} />;
}
