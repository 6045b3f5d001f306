/** An amount and its currency, as one field. */
import { decimalSeparator } from '@abetworks/ui';
import { Group, NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MoneyInput } from '../record-values';
import { type FieldInputProps, useCommonProps } from './field-props';

/** As many digits after the point as the API keeps. */
const SCALE = 4;

/** What the browser knows, the own one among them whatever it knows. */
function currencies(own: string): string[] {
  return [...new Set([own, ...Intl.supportedValuesOf('currency')])].sort();
}

export function MoneyField(props: FieldInputProps) {
  const { t, i18n } = useTranslation('crm');
  const { value, onChange, label, readOnly, ...rest } = useCommonProps(props);
  const { amount, currency } = value as MoneyInput;
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <NumberInput
        {...rest}
        label={label}
        readOnly={readOnly}
        flex={1}
        hideControls
        decimalScale={SCALE}
        decimalSeparator={decimalSeparator(i18n.language)}
        value={amount}
        onChange={(changed) => onChange({ amount: changed, currency })}
      />
      <Select
        label={t('records.currency')}
        aria-label={t('records.currencyOf', { field: label })}
        w={110}
        searchable
        readOnly={readOnly}
        allowDeselect={false}
        limit={200}
        data={currencies(currency)}
        value={currency}
        onChange={(changed) => onChange({ amount, currency: changed ?? currency })}
      />
    </Group>
  );
}
