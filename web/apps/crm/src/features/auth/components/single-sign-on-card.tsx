/** How people sign in with the organisation's own provider: for who keeps the rules of signing in. */

import { Loaded, useServerForm } from '@abetworks/app-kit';
import {
  Alert,
  Button,
  Group,
  NativeSelect,
  PasswordInput,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { rolesQuery } from '@/features/access/api/roles';
import { SettingsCard } from '@/features/settings/components/settings-card';
import {
  type SingleSignOnSettings,
  singleSignOnQuery,
  useUpdateSingleSignOn,
} from '../api/single-sign-on';
import { GroupRoles } from './group-roles';

export function SingleSignOnCard() {
  const settings = useQuery(singleSignOnQuery(useClient()));
  return (
    <Loaded query={settings}>
      {(loaded) => <SingleSignOnForm key={loaded.version} settings={loaded} />}
    </Loaded>
  );
}

const FIELDS = [
  'enabled',
  'issuer',
  'client_id',
  'client_secret',
  'label',
  'passwords',
  'creates_people',
  'default_role_id',
  'groups_claim',
  'group_roles',
] as const;

function valuesOf(settings: SingleSignOnSettings) {
  return {
    enabled: settings.enabled,
    issuer: settings.issuer ?? '',
    client_id: settings.client_id ?? '',
    /** Never shown: an empty one stays as it is. */
    client_secret: '',
    label: settings.label,
    passwords: settings.passwords,
    creates_people: settings.creates_people,
    default_role_id: settings.default_role_id ?? '',
    groups_claim: settings.groups_claim ?? '',
    group_roles: settings.group_roles,
  };
}

type Values = ReturnType<typeof valuesOf>;

function bodyOf({ client_secret, ...values }: Values) {
  return {
    ...values,
    issuer: values.issuer || null,
    client_id: values.client_id || null,
    default_role_id: values.default_role_id || null,
    groups_claim: values.groups_claim || null,
    ...(client_secret === '' ? {} : { client_secret }),
  };
}

function SingleSignOnForm({ settings }: { settings: SingleSignOnSettings }) {
  const { t } = useTranslation('crm');
  const update = useUpdateSingleSignOn(settings);
  const roles = useQuery(rolesQuery(useClient())).data ?? [];
  const { form, refusal, clear, refuse } = useServerForm<Values>(valuesOf(settings), FIELDS);
  const save = (values: Values) => {
    clear();
    update.mutate(bodyOf(values), {
      onSuccess: () => notifications.show({ color: 'green', message: t('settings.saved') }),
      onError: refuse,
    });
  };
  // Nobody becomes an administrator without a person or a group deciding so.
  const given = roles.filter(({ key }) => key !== 'admin');
  return (
    <form onSubmit={form.onSubmit(save)} noValidate>
      <SettingsCard title={t('singleSignOn.title')} text={t('singleSignOn.text')}>
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <Switch
          {...form.getInputProps('enabled', { type: 'checkbox' })}
          label={t('singleSignOn.enabled')}
        />
        <TextInput
          label={t('singleSignOn.redirectUri')}
          description={t('singleSignOn.redirectUriText')}
          value={settings.redirect_uri}
          readOnly
        />
        <TextInput
          {...form.getInputProps('issuer')}
          label={t('singleSignOn.issuer')}
          description={t('singleSignOn.issuerText')}
          inputMode="url"
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput {...form.getInputProps('client_id')} label={t('singleSignOn.clientId')} />
          <PasswordInput
            {...form.getInputProps('client_secret')}
            label={t('singleSignOn.clientSecret')}
            placeholder={settings.has_client_secret ? t('singleSignOn.secretKept') : undefined}
            autoComplete="off"
          />
        </SimpleGrid>
        <TextInput
          {...form.getInputProps('label')}
          label={t('singleSignOn.label')}
          placeholder={t('singleSignOn.button')}
        />
        <Stack gap="xs">
          <Switch
            {...form.getInputProps('passwords', { type: 'checkbox' })}
            label={t('singleSignOn.passwords')}
            description={t('singleSignOn.passwordsText')}
          />
          <Switch
            {...form.getInputProps('creates_people', { type: 'checkbox' })}
            label={t('singleSignOn.createsPeople')}
            description={t('singleSignOn.createsPeopleText')}
          />
        </Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <NativeSelect
            {...form.getInputProps('default_role_id')}
            label={t('singleSignOn.defaultRole')}
            data={[
              { value: '', label: t('settings.organisation.noRole') },
              ...given.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <TextInput
            {...form.getInputProps('groups_claim')}
            label={t('singleSignOn.groupsClaim')}
            placeholder="groups"
          />
        </SimpleGrid>
        <GroupRoles
          value={form.values.group_roles}
          error={form.errors.group_roles}
          roles={roles}
          onChange={(value) => form.setFieldValue('group_roles', value)}
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
