/** How one's account is guarded: password, second factor, where one is signed in. */
import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SettingsPage } from '@/features/settings/components/settings-page';
import { OwnSessions } from './own-sessions';
import { PasswordCard } from './password-card';
import { SecondFactorCard } from './second-factor-card';

export function SecurityPage() {
  const { t } = useTranslation('crm');
  return (
    <SettingsPage title={t('settings.security.title')} text={t('settings.security.text')}>
      <Stack gap="lg">
        <PasswordCard />
        <SecondFactorCard />
        <OwnSessions />
      </Stack>
    </SettingsPage>
  );
}
