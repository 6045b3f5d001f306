/** Saving a list as a view, and changing what a view is called and who sees it. */

import { Dialog, useServerForm } from '@abetworks/app-kit';
import {
  Alert,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  Radio,
  Stack,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { teamsQuery } from '../api/objects';
import { useCreateView, usePreferView, useUpdateView, type View } from '../api/views';
import type { ObjectDescription } from '../description';
import { keptOf, type ListSearch, searchOf } from './view-search';

interface ViewDialogProps {
  object: ObjectDescription;
  search: ListSearch;
  /** That is changed; a new one without it. */
  view: View | undefined;
  onClose: () => void;
}

type Visibility = View['visibility'];
const VISIBILITIES = ['private', 'team', 'shared'] as const;

export function ViewDialog({ object, search, view, onClose }: ViewDialogProps) {
  const { t } = useTranslation('crm');
  const navigate = useNavigate();
  const teams = useQuery(teamsQuery(useClient())).data ?? [];
  const create = useCreateView();
  const update = useUpdateView();
  const prefer = usePreferView();
  const [isPinned, setPinned] = useState(true);
  const { form, refusal, clear, refuse } = useServerForm(
    {
      name: view?.name ?? '',
      visibility: (view?.visibility ?? 'private') as Visibility,
      team_ids: view?.team_ids ?? [],
    },
    ['name', 'visibility', 'team_ids'],
  );
  const done = (made: View) => {
    onClose();
    void navigate({ to: '/$path', params: { path: object.path }, search: searchOf(made) });
  };
  const submit = form.onSubmit(({ name, visibility, team_ids }) => {
    clear();
    const input = { name, visibility, team_ids: visibility === 'team' ? team_ids : [] };
    if (view !== undefined) {
      update.mutate({ base: view, patch: input }, { onSuccess: onClose, onError: refuse });
      return;
    }
    create.mutate(
      { object: object.name, ...input, ...keptOf(search) },
      {
        onSuccess: (made) => {
          if (!isPinned) return done(made);
          const preference = { id: made.id, is_default: false, is_pinned: true };
          prefer.mutate(preference, { onSettled: () => done(made) });
        },
        onError: refuse,
      },
    );
  });
  const isPending = create.isPending || update.isPending || prefer.isPending;
  return (
    <Dialog opened onClose={onClose} title={t(view === undefined ? 'views.save' : 'views.change')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
          <TextInput
            label={t('views.name')}
            data-autofocus
            withAsterisk
            {...form.getInputProps('name')}
          />
          <Radio.Group label={t('views.visibility')} {...form.getInputProps('visibility')}>
            <Stack gap="xs" mt="xs">
              {VISIBILITIES.map((value) => (
                <Radio key={value} value={value} label={t(`views.visibilities.${value}`)} />
              ))}
            </Stack>
          </Radio.Group>
          {form.getValues().visibility === 'team' ? (
            <MultiSelect
              label={t('views.teams')}
              data={teams.map(({ id, name }) => ({ value: id, label: name }))}
              clearButtonProps={{ 'aria-label': t('records.clear') }}
              {...form.getInputProps('team_ids')}
            />
          ) : null}
          {view === undefined ? (
            <Checkbox
              label={t('views.pinIt')}
              checked={isPinned}
              onChange={({ currentTarget }) => setPinned(currentTarget.checked)}
            />
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button type="submit" loading={isPending}>
              {t('actions.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
