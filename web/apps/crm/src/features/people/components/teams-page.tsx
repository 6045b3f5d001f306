/** The organisation's teams, those below others under them. */

import { Confirm, Dialog, Loaded, useNotifyRefusal } from '@abetworks/app-kit';
import { StateView } from '@abetworks/ui';
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { teamsQuery, usersQuery } from '@/features/records/api/objects';
import { SettingsPage } from '@/features/settings/components/settings-page';
import { type Team, useDeleteTeam } from '../api/teams';
import { type TeamLine, treeOf } from '../team-tree';
import { TeamForm } from './team-form';

/** What is asked about: a team, or a new one. */
type Asking = { kind: 'edit'; team: Team | undefined } | { kind: 'delete'; team: Team };

export function TeamsPage() {
  const { t } = useTranslation('crm');
  const client = useClient();
  const teams = useQuery(teamsQuery(client));
  const users = useQuery(usersQuery(client));
  const [asking, setAsking] = useState<Asking>();
  const close = () => setAsking(undefined);
  return (
    <SettingsPage
      title={t('settings.teams.title')}
      text={t('settings.teams.text')}
      action={
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setAsking({ kind: 'edit', team: undefined })}
        >
          {t('settings.teams.new')}
        </Button>
      }
    >
      <Loaded query={teams}>
        {(list) => (
          <Loaded query={users}>
            {(people) => (
              <>
                {list.length === 0 ? (
                  <StateView
                    icon={<IconUsersGroup aria-hidden />}
                    title={t('settings.teams.none')}
                    text={t('settings.teams.noneText')}
                  />
                ) : null}
                <Stack gap="xs">
                  {treeOf(list).map((line) => (
                    <Line key={line.team.id} line={line} onAsk={setAsking} />
                  ))}
                </Stack>
                <Dialog
                  opened={asking?.kind === 'edit'}
                  onClose={close}
                  title={asking?.team?.name ?? t('settings.teams.new')}
                >
                  {asking?.kind === 'edit' ? (
                    <TeamForm team={asking.team} teams={list} people={people} onSaved={close} />
                  ) : null}
                </Dialog>
                {asking?.kind === 'delete' ? (
                  <DeleteTeam team={asking.team} onClose={close} />
                ) : null}
              </>
            )}
          </Loaded>
        )}
      </Loaded>
    </SettingsPage>
  );
}

function Line({ line, onAsk }: { line: TeamLine; onAsk: (asking: Asking) => void }) {
  const { t } = useTranslation('crm');
  const { team, depth } = line;
  const { name } = team;
  return (
    <Paper withBorder radius="md" p="sm" ml={Math.min(depth, 4) * 20}>
      <Group justify="space-between" gap="xs">
        <div>
          <Text fw={500}>{name}</Text>
          <Text size="sm" c="dimmed">
            {t('settings.teams.people', { count: team.members.length })}
          </Text>
        </div>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            aria-label={t('settings.teams.editOf', { name })}
            onClick={() => onAsk({ kind: 'edit', team })}
          >
            {t('settings.edit')}
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="red"
            aria-label={t('settings.teams.deleteOf', { name })}
            onClick={() => onAsk({ kind: 'delete', team })}
          >
            {t('actions.delete')}
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}

function DeleteTeam({ team, onClose }: { team: Team; onClose: () => void }) {
  const { t } = useTranslation('crm');
  const remove = useDeleteTeam();
  const notify = useNotifyRefusal();
  return (
    <Confirm
      opened
      title={t('settings.teams.deleteOf', { name: team.name })}
      text={t('settings.teams.deleteText')}
      confirm={t('settings.teams.delete')}
      pending={remove.isPending}
      onConfirm={() => remove.mutate(team, { onError: notify, onSettled: onClose })}
      onClose={onClose}
    />
  );
}
