/** The organisation's people: who there is, what roles they hold, whom to invite. */

import { Loaded, ShownOnce } from '@abetworks/app-kit';
import { Badge, Button, Group, Stack, Table, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { type Role, rolesQuery } from '@/features/access/api/roles';
import { usersQuery } from '@/features/records/api/objects';
import { SettingsPage } from '@/features/settings/components/settings-page';
import type { User } from '../api/people';
import { OpenInvitations } from './open-invitations';
import type { ToldLink } from './told-link';
import { UserActions } from './user-actions';

const InviteDialog = lazy(async () => ({
  default: (await import('./invite-dialog')).InviteDialog,
}));

export function UsersPage() {
  const { t } = useTranslation('crm');
  const client = useClient();
  const users = useQuery(usersQuery(client));
  const roles = useQuery(rolesQuery(client));
  const [inviting, { open, close }] = useDisclosure(false);
  const [link, setLink] = useState<ToldLink>();
  return (
    <SettingsPage
      title={t('settings.users.title')}
      text={t('settings.users.text')}
      action={
        <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
          {t('settings.users.invite')}
        </Button>
      }
    >
      {link === undefined ? null : (
        <ShownOnce
          title={t(`settings.users.linkOf.${link.kind}`, { name: link.name })}
          text={t('settings.users.linkText')}
          value={link.url}
        />
      )}
      <Loaded query={roles}>
        {(known) => (
          <>
            <Loaded query={users}>
              {(all) => <UserTable users={all} roles={known} onLink={setLink} />}
            </Loaded>
            <OpenInvitations roles={known} />
            {inviting ? (
              <Suspense>
                <InviteDialog
                  roles={known}
                  onClose={close}
                  onInvited={({ email, url }) => {
                    setLink({ kind: 'invitation', name: email, url });
                    close();
                  }}
                />
              </Suspense>
            ) : null}
          </>
        )}
      </Loaded>
    </SettingsPage>
  );
}

interface UserTableProps {
  users: User[];
  roles: Role[];
  onLink: (link: ToldLink) => void;
}

function UserTable({ users, roles, onLink }: UserTableProps) {
  const { t } = useTranslation('crm');
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const found = users.filter(({ name, email }) =>
    `${name} ${email}`.toLowerCase().includes(wanted),
  );
  return (
    <Stack gap="sm">
      <TextInput
        type="search"
        aria-label={t('settings.users.search')}
        placeholder={t('settings.users.search')}
        maw={320}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {found.length === 0 ? (
        <Text c="dimmed" role="status">
          {t('records.nothingFound')}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('settings.users.name')}</Table.Th>
                <Table.Th>{t('settings.users.roles')}</Table.Th>
                <Table.Th>{t('settings.users.state')}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t('settings.actions')}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map((user) => (
                <UserRow key={user.id} user={user} roles={roles} onLink={onLink} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

function UserRow({ user, roles, onLink }: Omit<UserTableProps, 'users'> & { user: User }) {
  const { t } = useTranslation('crm');
  const held = roles.filter(({ id }) => user.role_ids.includes(id));
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={500}>{user.name}</Text>
        <Text size="sm" c="dimmed">
          {user.email}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          {held.map(({ id, name }) => (
            <Badge key={id} variant="light" tt="none">
              {name}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={user.active ? 'green' : 'gray'}>
          {t(user.active ? 'settings.users.active' : 'settings.users.inactive')}
        </Badge>
      </Table.Td>
      <Table.Td ta="end">
        <UserActions user={user} roles={roles} onLink={onLink} />
      </Table.Td>
    </Table.Tr>
  );
}
