/** What everyone in the organisation shares. */

import { Loaded, useServerForm } from '@abetworks/app-kit';
import { Alert, Button, Group, NativeSelect, SimpleGrid, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { SingleSignOnCard } from '@/features/auth/components/single-sign-on-card';
import { profileQuery } from '@/features/people/api/profile';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { SettingsPage } from '@/features/settings/components/settings-page';
import {
  type OrganisationSettings,
  organisationSettingsQuery,
  useUpdateOrganisation,
} from '../api/organisation';
import { LogoCard } from './logo-card';
import { RatesCard } from './rates-card';
import { RegistrationCard } from './registration-card';
import { SecondFactorRuleCard } from './second-factor-rule-card';

export function OrganisationPage() {
  const { t } = useTranslation('crm');
  const client = useClient();
  const settings = useQuery(organisationSettingsQuery(client));
  const areas = useQuery(profileQuery(client)).data?.areas ?? [];
  return (
    <SettingsPage title={t('settings.organisation.title')} text={t('settings.organisation.text')}>
      <Stack gap="lg">
        <Loaded query={settings}>
          {(loaded) => <OrganisationForm key={loaded.version} settings={loaded} />}
        </Loaded>
        {areas.includes('organisation') ? <LogoCard /> : null}
        {areas.includes('organisation') && settings.data !== undefined ? (
          <RatesCard own={settings.data.currency} />
        ) : null}
        {areas.includes('security') ? (
          <>
            <RegistrationCard />
            <SecondFactorRuleCard />
            <SingleSignOnCard />
          </>
        ) : null}
      </Stack>
    </SettingsPage>
  );
}

const FIELDS = ['currency', 'timezone', 'week_start'] as const;

/** 2026-11-02 is a Monday. */
function weekdays(language: string) {
  const name = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  return [1, 2, 3, 4, 5, 6, 7].map((day) => ({
    value: String(day),
    label: name.format(new Date(Date.UTC(2026, 10, day + 1))),
  }));
}

function OrganisationForm({ settings }: { settings: OrganisationSettings }) {
  const { t, i18n } = useTranslation('crm');
  const update = useUpdateOrganisation(settings);
  const { currency, timezone, week_start } = settings;
  const initial = { currency, timezone, week_start: String(week_start) };
  const { form, refusal, clear, refuse } = useServerForm(initial, FIELDS);
  const save = (values: typeof initial) => {
    clear();
    update.mutate(
      { ...values, week_start: Number(values.week_start) },
      {
        onSuccess: () => notifications.show({ color: 'green', message: t('settings.saved') }),
        onError: refuse,
      },
    );
  };
  const zones = [...new Set([timezone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  return (
    <form onSubmit={form.onSubmit(save)} noValidate>
      <SettingsCard title={t('settings.organisation.title')}>
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <NativeSelect
            {...form.getInputProps('currency')}
            label={t('settings.organisation.currency')}
            description={t('settings.organisation.currencyText')}
            data={Intl.supportedValuesOf('currency')}
          />
          <NativeSelect
            {...form.getInputProps('timezone')}
            label={t('settings.organisation.timezone')}
            data={zones}
          />
          <NativeSelect
            {...form.getInputProps('week_start')}
            label={t('settings.organisation.week_start')}
            data={weekdays(i18n.language)}
          />
        </SimpleGrid>
        <Group>
          <Button type="submit" loading={update.isPending} disabled={!form.isDirty()}>
            {t('actions.save')}
          </Button>
        </Group>
      </SettingsCard>
    </form>
  );
}
