/** Who may register without an invitation. */

import { Loaded, useServerForm } from '@abetworks/app-kit';
import { Alert, Button, Group, NativeSelect, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { rolesQuery } from '@/features/access/api/roles';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { type SignInRules, signInRulesQuery, useUpdateSignInRules } from '../api/organisation';

export function RegistrationCard() {
  const rules = useQuery(signInRulesQuery(useClient()));
  return (
    <Loaded query={rules}>{(loaded) => <RulesForm key={loaded.version} rules={loaded} />}</Loaded>
  );
}

const FIELDS = ['registration_domains', 'registration_role_id'] as const;

function RulesForm({ rules }: { rules: SignInRules }) {
  const { t } = useTranslation('crm');
  const update = useUpdateSignInRules(rules);
  const roles = useQuery(rolesQuery(useClient())).data ?? [];
  const initial = {
    registration_domains: rules.registration_domains.join('\n'),
    registration_role_id: rules.registration_role_id ?? '',
  };
  const { form, refusal, clear, refuse } = useServerForm(initial, FIELDS);
  const save = (values: typeof initial) => {
    clear();
    const lines = values.registration_domains.split('\n').map((line) => line.trim());
    const body = {
      registration_domains: lines.filter((line) => line !== ''),
      registration_role_id: values.registration_role_id || null,
    };
    update.mutate(body, {
      onSuccess: () => notifications.show({ color: 'green', message: t('settings.saved') }),
      onError: refuse,
    });
  };
  // Nobody becomes an administrator without a person deciding so.
  const given = roles.filter(({ key }) => key !== 'admin');
  return (
    <form onSubmit={form.onSubmit(save)} noValidate>
      <SettingsCard
        title={t('settings.organisation.rules')}
        text={t('settings.organisation.rulesText')}
      >
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <Textarea
          {...form.getInputProps('registration_domains')}
          label={t('settings.organisation.registration_domains')}
          description={t('settings.organisation.domainsHint')}
          autosize
          minRows={2}
          maxRows={10}
        />
        <NativeSelect
          {...form.getInputProps('registration_role_id')}
          label={t('settings.organisation.registration_role_id')}
          data={[
            { value: '', label: t('settings.organisation.noRole') },
            ...given.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Group>
          <Button type="submit" loading={update.isPending} disabled={!form.isDirty()}>
            {t('actions.save')}
          </Button>
        </Group>
      </SettingsCard>
    </form>
  );
}
