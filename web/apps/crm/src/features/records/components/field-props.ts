/** What the inputs of all kinds of fields share. */
import type { GetInputPropsReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { FieldDescription } from '../description';
import { useText } from '../use-objects';

export interface FieldInputProps {
  field: FieldDescription;
  readOnly: boolean;
  autoFocus?: boolean;
  input: GetInputPropsReturnType;
}

/** What all inputs of a field have. */
export function useCommonProps({ field, readOnly, autoFocus, input }: FieldInputProps) {
  const text = useText();
  // A choice has a default of the server's: it may stay open.
  const must = field.required && field.options.length === 0 && field.type !== 'choice';
  return {
    label: text(field.label),
    readOnly,
    ...(field.help === null ? {} : { description: text(field.help) }),
    withAsterisk: must,
    ...(must ? { 'aria-required': true } : {}),
    ...(autoFocus ? { 'data-autofocus': true } : {}),
    ...input,
  };
}

export function useClearLabel(): string {
  return useTranslation('crm').t('records.clear');
}

/** A select knows nothing chosen as `null`, the form as an empty text. */
export function orEmpty({ value, onChange }: Pick<GetInputPropsReturnType, 'value' | 'onChange'>) {
  return {
    value: value === '' ? null : String(value),
    onChange: (chosen: string | null) => onChange(chosen ?? ''),
  };
}
