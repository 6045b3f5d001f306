/** Name and rights of a role. Nothing is sent before it is saved; then only what was changed. */

import { codeOf, useServerForm } from '@abetworks/app-kit';
import { ProblemError } from '@abetworks/problem';
import { Alert, Button, Group, Paper, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { type RoleDetails, useUpdateRole } from '../api/roles';
import { type Changes, toRights, withChange } from '../rights';
import { AreaChoice } from './area-choice';
import { RightsMatrix } from './rights-matrix';
import classes from './roles.module.css';

/** The administrator's role stays as it is, so that nobody can shut everyone out. */
const FIXED = 'admin';

interface RoleEditorProps {
  loaded: RoleDetails;
  /** The role was changed elsewhere: it has to be read again. */
  onStale: () => void;
}

export function RoleEditor({ loaded, onStale }: RoleEditorProps) {
  const { t } = useTranslation('crm');
  const update = useUpdateRole();
  const [changes, setChanges] = useState<Changes>({});
  const [stale, setStale] = useState(false);
  const words = { name: loaded.name, description: loaded.description ?? '' };
  const { form, refusal, clear, refuse } = useServerForm(words, ['name', 'description']);
  const fixed = loaded.key === FIXED;
  const change = (place: string, value: string | boolean) =>
    setChanges((before) => withChange(loaded, before, place, value));
  const count =
    Object.keys(changes).length +
    Number(form.isDirty('name')) +
    Number(form.isDirty('description'));

  const discard = () => {
    clear();
    setStale(false);
    setChanges({});
    form.setInitialValues(words);
    form.setValues(words);
  };
  const save = form.onSubmit(({ name, description }) => {
    clear();
    setStale(false);
    const patch = {
      ...(form.isDirty('name') ? { name } : {}),
      ...(form.isDirty('description') ? { description } : {}),
      ...(Object.keys(changes).length === 0 ? {} : { rights: toRights(changes) }),
    };
    update.mutate(
      { base: loaded, patch },
      {
        onSuccess: () => {
          setChanges({});
          form.resetDirty();
          notifications.show({ color: 'green', message: t('settings.saved') });
        },
        onError: (error) => {
          if (codeOf(error) === 'precondition-failed') {
            setStale(true);
            onStale();
          } else refuse(error);
        },
      },
    );
  });
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="lg" pb={count > 0 ? 72 : 0}>
        {fixed ? <Alert>{t('settings.roles.fixed')}</Alert> : null}
        {refusal === undefined ? null : (
          <Alert color="red">
            {refusal} {codeOf(update.error) === 'forbidden' ? t('settings.roles.beyond') : null}
          </Alert>
        )}
        {stale ? (
          <Alert
            color="yellow"
            role="alert"
            icon={<IconUsers aria-hidden />}
            title={t('conflict.title')}
          >
            {t('settings.roles.stale', { count: placesOf(update.error) })}
          </Alert>
        ) : null}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t('settings.roles.name')}
            readOnly={fixed}
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('settings.roles.description')}
            readOnly={fixed}
            {...form.getInputProps('description')}
          />
        </SimpleGrid>
        <SettingsCard title={t('settings.roles.records')} text={t('settings.roles.recordsText')}>
          <RightsMatrix role={loaded} changes={changes} fixed={fixed} onChange={change} />
        </SettingsCard>
        <SettingsCard title={t('settings.title')} text={t('settings.roles.areasText')}>
          <AreaChoice role={loaded} changes={changes} fixed={fixed} onChange={change} />
        </SettingsCard>
      </Stack>
      {count === 0 ? null : (
        <Paper withBorder shadow="md" radius="md" p="sm" className={classes.bar}>
          <Group justify="space-between" gap="sm">
            <Text role="status">{t('settings.roles.changes', { count })}</Text>
            <Group gap="xs">
              <Button variant="default" onClick={discard}>
                {t('settings.roles.discard')}
              </Button>
              <Button type="submit" loading={update.isPending}>
                {t('actions.save')}
              </Button>
            </Group>
          </Group>
        </Paper>
      )}
    </form>
  );
}

/** How many rights somebody else has changed, as far as the server says. */
function placesOf(error: unknown): number {
  return error instanceof ProblemError ? (error.problem.changed?.length ?? 0) : 0;
}
