/** All e-mail addresses or phone numbers of a record, each with what is known of it. */
import { Badge, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Address } from '../description';
import { callTo, mailTo, Outward } from './outward';

interface AddressesCellProps {
  type: string;
  addresses: readonly Address[];
}

export function AddressesCell({ type, addresses }: AddressesCellProps) {
  const { t } = useTranslation('crm');
  const reach = type === 'emails' ? mailTo : callTo;
  return addresses.map(({ value, label, primary, opted_out, invalid }) => (
    <Group key={value} component="span" gap={6}>
      <Outward href={reach(value)} text={value} />
      {label === null ? null : (
        <Text c="dimmed" size="sm" span>
          {label}
        </Text>
      )}
      {primary && addresses.length > 1 ? (
        <Badge component="span" size="sm" variant="light">
          {t('addresses.primary')}
        </Badge>
      ) : null}
      {opted_out ? (
        <Badge component="span" size="sm" variant="outline" color="gray">
          {t('addresses.optedOut')}
        </Badge>
      ) : null}
      {invalid ? (
        <Badge component="span" size="sm" variant="outline" color="red">
          {t('addresses.invalid')}
        </Badge>
      ) : null}
    </Group>
  ));
}
