/** A team: its name, the team above, who is in it and whose new records it gets. */

import { useServerForm } from '@abetworks/app-kit';
import {
  Alert,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NativeSelect,
  Stack,
  TextInput,
} from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { User } from '../api/people';
import { type Team, useSaveTeam } from '../api/teams';
import { possibleParents } from '../team-tree';

interface TeamFormProps {
  /** `undefined`: a new one. */
  team: Team | undefined;
  teams: Team[];
  people: User[];
  onSaved: () => void;
}

export function TeamForm({ team, teams, people, onSaved }: TeamFormProps) {
  const { t } = useTranslation('crm');
  const save = useSaveTeam(team);
  const members = team?.members ?? [];
  const { form, refusal, clear, refuse } = useServerForm(
    {
      name: team?.name ?? '',
      parent_id: team?.parent_id ?? '',
      members: members.map(({ user_id }) => user_id),
      primary: members.filter(({ is_primary }) => is_primary).map(({ user_id }) => user_id),
    },
    ['name', 'parent_id', 'members'],
  );
  const submit = form.onSubmit(({ name, parent_id, members: chosen, primary }) => {
    clear();
    save.mutate(
      {
        name,
        parent_id: parent_id === '' ? null : parent_id,
        members: chosen.map((user_id) => ({ user_id, is_primary: primary.includes(user_id) })),
      },
      { onSuccess: onSaved, onError: refuse },
    );
  });
  const chosen = people.filter(({ id }) => form.getValues().members.includes(id));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <TextInput
          label={t('settings.users.name')}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <NativeSelect
          label={t('settings.teams.above')}
          data={[
            { value: '', label: t('settings.teams.noneAbove') },
            ...possibleParents(teams, team).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          {...form.getInputProps('parent_id')}
        />
        <MultiSelect
          label={t('settings.teams.members')}
          searchable
          data={people
            .filter(({ id, active }) => active || form.getValues().members.includes(id))
            .map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('members')}
        />
        {chosen.length === 0 ? null : (
          <Checkbox.Group
            label={t('settings.teams.primary')}
            description={t('settings.teams.primaryText')}
            {...form.getInputProps('primary')}
          >
            <Stack gap="xs" mt={6}>
              {chosen.map(({ id, name }) => (
                <Checkbox key={id} value={id} label={name} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {t('actions.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
