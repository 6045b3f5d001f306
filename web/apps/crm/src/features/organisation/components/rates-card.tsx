/** The rates of other currencies, and the form that sets one. */

import { Loaded, useNotifyRefusal, useServerForm } from '@abetworks/app-kit';
import { decimalSeparator, formatAmount, formatDay } from '@abetworks/ui';
import {
  ActionIcon,
  Alert,
  Button,
  Group,
  NativeSelect,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { type CurrencyRate, ratesQuery, useRemoveRate, useSetRate } from '../api/rates';

/** `own`: the organisation's currency. */
export function RatesCard({ own }: { own: string }) {
  const { t } = useTranslation('crm');
  const rates = useInfiniteQuery(ratesQuery(useClient()));
  return (
    <SettingsCard title={t('settings.rates.title')}>
      <Text size="sm" c="dimmed">
        {t('settings.rates.text', { currency: own })}
      </Text>
      <RateForm own={own} />
      <Loaded query={rates}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Text size="sm">{t('settings.rates.none')}</Text>;
          return <Rates items={items} />;
        }}
      </Loaded>
      {rates.hasNextPage ? (
        <Group>
          <Button
            size="xs"
            variant="default"
            loading={rates.isFetchingNextPage}
            onClick={() => void rates.fetchNextPage()}
          >
            {t('settings.rates.more')}
          </Button>
        </Group>
      ) : null}
    </SettingsCard>
  );
}

function Rates({ items }: { items: CurrencyRate[] }) {
  const { t, i18n } = useTranslation('crm');
  const remove = useRemoveRate();
  const notify = useNotifyRefusal();
  const day = (rate: CurrencyRate) => formatDay(rate.valid_from, i18n.language);
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('settings.rates.currency')}</Table.Th>
          <Table.Th>{t('settings.rates.validFrom')}</Table.Th>
          <Table.Th>{t('settings.rates.rate')}</Table.Th>
          <Table.Th aria-label={t('actions.delete')} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((rate) => (
          <Table.Tr key={`${rate.currency} ${rate.valid_from}`}>
            <Table.Td>{rate.currency}</Table.Td>
            <Table.Td>{day(rate)}</Table.Td>
            <Table.Td>{formatAmount(rate.rate, i18n.language)}</Table.Td>
            <Table.Td>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('settings.rates.remove', {
                  currency: rate.currency,
                  day: day(rate),
                })}
                loading={remove.isPending}
                onClick={() =>
                  remove.mutate(rate, {
                    onSuccess: () =>
                      notifications.show({ color: 'green', message: t('settings.rates.removed') }),
                    onError: notify,
                  })
                }
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const FIELDS = ['currency', 'valid_from', 'rate'] as const;

function RateForm({ own }: { own: string }) {
  const { t, i18n } = useTranslation(['crm', 'problem']);
  const set = useSetRate();
  const currencies = Intl.supportedValuesOf('currency').filter((currency) => currency !== own);
  const usual = ['USD', 'EUR'].find((currency) => currency !== own) ?? 'USD';
  const { form, refusal, clear, refuse } = useServerForm(
    { currency: usual, valid_from: '', rate: '' },
    FIELDS,
  );
  const save = (values: CurrencyRate) => {
    clear();
    // Written as in the person's language, sent as the API has it.
    const rate = values.rate.trim().replace(decimalSeparator(i18n.language), '.');
    if (values.valid_from === '') {
      form.setFieldError('valid_from', t('problem:fieldErrors.required'));
      return;
    }
    set.mutate(
      { ...values, rate },
      {
        onSuccess: () => {
          form.setFieldValue('rate', '');
          notifications.show({ color: 'green', message: t('settings.rates.saved') });
        },
        onError: refuse,
      },
    );
  };
  return (
    <form onSubmit={form.onSubmit(save)} noValidate>
      <Stack gap="sm">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <Group align="flex-start">
          <NativeSelect
            {...form.getInputProps('currency')}
            label={t('settings.rates.currency')}
            data={currencies}
          />
          <TextInput
            {...form.getInputProps('valid_from')}
            type="date"
            label={t('settings.rates.validFrom')}
          />
          <TextInput
            {...form.getInputProps('rate')}
            inputMode="decimal"
            label={t('settings.rates.rate')}
          />
        </Group>
        <Group>
          <Button type="submit" loading={set.isPending}>
            {t('settings.rates.set')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
