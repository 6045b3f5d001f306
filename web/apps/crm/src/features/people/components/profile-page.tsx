/** How one is called, and how one likes language, times and numbers shown. */

import { codeOf, Loaded, useServerForm } from '@abetworks/app-kit';
import { Alert, Button, Group, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { SettingsPage } from '@/features/settings/components/settings-page';
import { type Profile, type ProfilePatch, profileQuery, useUpdateProfile } from '../api/profile';
import { usePreferences } from '../use-preferences';

export function ProfilePage() {
  const { t } = useTranslation('crm');
  const profile = useQuery(profileQuery(useClient()));
  return (
    <SettingsPage title={t('settings.profile.title')} text={t('settings.profile.text')}>
      <Loaded query={profile}>{(loaded) => <ProfileForm profile={loaded} />}</Loaded>
    </SettingsPage>
  );
}

const FIELDS = ['name', 'language', 'theme', 'timezone', 'date_format', 'number_format'] as const;
type FieldName = (typeof FIELDS)[number];

const DATES = ['yyyy-mm-dd', 'dd.mm.yyyy', 'dd/mm/yyyy', 'mm/dd/yyyy'];
const NUMBERS = ['1,234.56', '1.234,56', '1 234,56', "1'234.56"];

function valuesOf(profile: Profile): Record<FieldName, string> {
  const pairs = FIELDS.map((name) => [name, profile[name] ?? ''] as const);
  return Object.fromEntries(pairs) as Record<FieldName, string>;
}

/** An empty choice follows the browser. */
function patchOf(values: Record<FieldName, string>, profile: Profile): ProfilePatch {
  const before = valuesOf(profile);
  const changed = FIELDS.filter((name) => values[name] !== before[name]);
  return Object.fromEntries(changed.map((name) => [name, values[name] || null]));
}

function ProfileForm({ profile }: { profile: Profile }) {
  const { t } = useTranslation(['crm', 'kit', 'ui']);
  const update = useUpdateProfile();
  const prefer = usePreferences();
  /** What the form began with: only what differs from it was changed here. */
  const [began, setBegan] = useState(profile);
  const profileAgain = useQuery(profileQuery(useClient()));
  const { form, refusal, clear, refuse } = useServerForm(valuesOf(profile), FIELDS);
  const save = (values: Record<FieldName, string>) => {
    clear();
    // An empty name is told to the server as it is: it refuses it.
    const patch = { ...patchOf(values, began), ...(values.name === '' ? { name: '' } : {}) };
    update.mutate(
      { base: profile, patch },
      {
        onSuccess: (saved) => {
          setBegan(saved);
          form.resetDirty(valuesOf(saved));
          void prefer(saved);
          notifications.show({ color: 'green', message: t('settings.saved') });
        },
        onError: (error) => {
          refuse(error);
          // What was typed stays; the next try is made on the version that is there.
          if (codeOf(error) === 'precondition-failed') void profileAgain.refetch();
        },
      },
    );
  };
  const choice = (name: FieldName, options: { value: string; label: string }[]) => ({
    ...form.getInputProps(name),
    label: t(`settings.profile.${name}`),
    data: [{ value: '', label: t('settings.profile.browser') }, ...options],
  });
  const plain = (values: string[]) => values.map((value) => ({ value, label: value }));
  return (
    <form onSubmit={form.onSubmit(save)} noValidate>
      <Stack gap="lg">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <SettingsCard title={t('settings.profile.who')}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label={t('settings.profile.name')}
              autoComplete="name"
              {...form.getInputProps('name')}
            />
            <TextInput label={t('kit:signIn.email')} value={profile.email} readOnly />
          </SimpleGrid>
        </SettingsCard>
        <SettingsCard title={t('settings.profile.how')}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NativeSelect
              {...choice('language', [
                { value: 'en', label: t('ui:user.languages.en') },
                { value: 'de', label: t('ui:user.languages.de') },
              ])}
            />
            <NativeSelect
              {...choice('theme', [
                { value: 'light', label: t('ui:user.light') },
                { value: 'dark', label: t('ui:user.dark') },
              ])}
            />
            <NativeSelect {...choice('timezone', plain(Intl.supportedValuesOf('timeZone')))} />
            <NativeSelect {...choice('date_format', plain(DATES))} />
            <NativeSelect {...choice('number_format', plain(NUMBERS))} />
          </SimpleGrid>
        </SettingsCard>
        <Group>
          <Button type="submit" loading={update.isPending} disabled={!form.isDirty()}>
            {t('actions.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
