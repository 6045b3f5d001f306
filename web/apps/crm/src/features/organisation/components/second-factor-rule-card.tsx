/** Whether everybody needs a second factor. */

import { Loaded, useNotifyRefusal } from '@abetworks/app-kit';
import { Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { type SignInRules, signInRulesQuery, useUpdateSignInRules } from '../api/organisation';

export function SecondFactorRuleCard() {
  const rules = useQuery(signInRulesQuery(useClient()));
  return <Loaded query={rules}>{(loaded) => <Rule rules={loaded} />}</Loaded>;
}

function Rule({ rules }: { rules: SignInRules }) {
  const { t } = useTranslation('crm');
  const update = useUpdateSignInRules(rules);
  const notify = useNotifyRefusal();
  const set = (second_factor_required: boolean) =>
    update.mutate(
      { second_factor_required },
      {
        onSuccess: () => notifications.show({ color: 'green', message: t('settings.saved') }),
        onError: notify,
      },
    );
  return (
    <SettingsCard
      title={t('settings.security.secondFactor')}
      text={t('settings.organisation.secondFactorText')}
    >
      <Switch
        label={t('settings.organisation.secondFactorRequired')}
        checked={rules.second_factor_required}
        disabled={update.isPending}
        onChange={(event) => set(event.currentTarget.checked)}
      />
    </SettingsCard>
  );
}
