/** The roles there are. */

import { Dialog, LinkText, Loaded, useServerForm } from '@abetworks/app-kit';
import { formatCount } from '@abetworks/ui';
import { Alert, Badge, Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { SettingsPage } from '@/features/settings/components/settings-page';
import { type Role, rolesQuery, useCreateRole } from '../api/roles';

export function RolesPage() {
  const { t } = useTranslation('crm');
  const roles = useQuery(rolesQuery(useClient()));
  const [making, { open, close }] = useDisclosure(false);
  return (
    <SettingsPage
      title={t('settings.roles.title')}
      text={t('settings.roles.text')}
      action={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
          {t('settings.roles.new')}
        </Button>
      }
    >
      <Loaded query={roles}>{(list) => <RoleTable roles={list} />}</Loaded>
      <Dialog opened={making} onClose={close} title={t('settings.roles.new')}>
        <NewRole />
      </Dialog>
    </SettingsPage>
  );
}

function RoleTable({ roles }: { roles: Role[] }) {
  const { t, i18n } = useTranslation('crm');
  return (
    <Table verticalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('settings.roles.name')}</Table.Th>
          <Table.Th ta="end">{t('settings.roles.people')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {roles.map(({ id, name, key, description, users }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Group gap="xs">
                <LinkText to="/settings/roles/$roleId" params={{ roleId: id }} fw={500}>
                  {name}
                </LinkText>
                {key === null ? null : (
                  <Badge variant="light" color="gray" size="sm" tt="none">
                    {t('settings.roles.builtIn')}
                  </Badge>
                )}
              </Group>
              {description === null ? null : (
                <Text size="sm" c="dimmed">
                  {description}
                </Text>
              )}
            </Table.Td>
            <Table.Td ta="end">{formatCount(users, i18n.language)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function NewRole() {
  const { t } = useTranslation('crm');
  const navigate = useNavigate();
  const create = useCreateRole();
  const { form, refusal, clear, refuse } = useServerForm({ name: '' }, ['name']);
  const submit = form.onSubmit(({ name }) => {
    clear();
    create.mutate(
      { name },
      {
        onSuccess: ({ id }) =>
          void navigate({ to: '/settings/roles/$roleId', params: { roleId: id } }),
        onError: refuse,
      },
    );
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <TextInput
          label={t('settings.roles.name')}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Text size="sm" c="dimmed">
          {t('settings.roles.newText')}
        </Text>
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending}>
            {t('settings.roles.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
