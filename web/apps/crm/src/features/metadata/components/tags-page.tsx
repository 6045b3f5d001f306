/** The tags there are: how they are called and look, for everyone. */

import { Confirm, Dialog, Loaded, useNotifyRefusal, useServerForm } from '@abetworks/app-kit';
import { StateView } from '@abetworks/ui';
import { Alert, Button, Group, NativeSelect, Paper, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTags } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { tagsQuery } from '@/features/records/api/objects';
import {
  type Tag,
  type TagInput,
  useCreateTag,
  useDeleteTag,
  useUpdateTag,
} from '@/features/records/api/tags';
import { type Colour, TagBadge } from '@/features/records/components/tag-badge';
import { SettingsPage } from '@/features/settings/components/settings-page';

const COLOURS: readonly Colour[] = [
  'gray',
  'red',
  'pink',
  'violet',
  'indigo',
  'blue',
  'cyan',
  'teal',
  'green',
  'lime',
  'yellow',
  'orange',
];

/** What is asked about: a tag, or a new one. */
type Asking = { kind: 'new' } | { kind: 'edit'; tag: Tag } | { kind: 'delete'; tag: Tag };

export function TagsPage() {
  const { t } = useTranslation('crm');
  const tags = useQuery(tagsQuery(useClient()));
  const [asking, setAsking] = useState<Asking>();
  const close = () => setAsking(undefined);
  return (
    <SettingsPage
      title={t('settings.tags.title')}
      text={t('settings.tags.text')}
      action={
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setAsking({ kind: 'new' })}
        >
          {t('settings.tags.new')}
        </Button>
      }
    >
      <Loaded query={tags}>
        {(list) =>
          list.length === 0 ? (
            <StateView
              icon={<IconTags aria-hidden />}
              title={t('settings.tags.none')}
              text={t('settings.tags.noneText')}
            />
          ) : (
            <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
              {list.map((tag) => (
                <Line key={tag.id} tag={tag} onAsk={setAsking} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      <Dialog opened={asking?.kind === 'new'} onClose={close} title={t('settings.tags.new')}>
        {asking?.kind === 'new' ? <NewTag onSaved={close} /> : null}
      </Dialog>
      <Dialog
        opened={asking?.kind === 'edit'}
        onClose={close}
        title={asking?.kind === 'edit' ? asking.tag.name : ''}
      >
        {asking?.kind === 'edit' ? <EditTag tag={asking.tag} onSaved={close} /> : null}
      </Dialog>
      {asking?.kind === 'delete' ? <DeleteTag tag={asking.tag} onClose={close} /> : null}
    </SettingsPage>
  );
}

function Line({ tag, onAsk }: { tag: Tag; onAsk: (asking: Asking) => void }) {
  const { t } = useTranslation('crm');
  const { name, colour } = tag;
  return (
    <Paper component="li" withBorder radius="md" p="sm">
      <Group justify="space-between" gap="xs">
        <TagBadge name={name} colour={colour} />
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            aria-label={t('settings.teams.editOf', { name })}
            onClick={() => onAsk({ kind: 'edit', tag })}
          >
            {t('settings.edit')}
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="red"
            aria-label={t('settings.teams.deleteOf', { name })}
            onClick={() => onAsk({ kind: 'delete', tag })}
          >
            {t('actions.delete')}
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}

function NewTag({ onSaved }: { onSaved: () => void }) {
  return <TagForm tag={undefined} save={useCreateTag()} onSaved={onSaved} />;
}

function EditTag({ tag, onSaved }: { tag: Tag; onSaved: () => void }) {
  return <TagForm tag={tag} save={useUpdateTag(tag)} onSaved={onSaved} />;
}

interface TagFormProps {
  tag: Tag | undefined;
  save: ReturnType<typeof useCreateTag>;
  onSaved: () => void;
}

function TagForm({ tag, save, onSaved }: TagFormProps) {
  const { t } = useTranslation('crm');
  const { form, refusal, clear, refuse } = useServerForm<Required<TagInput>>(
    { name: tag?.name ?? '', colour: tag?.colour ?? 'gray' },
    ['name', 'colour'],
  );
  const submit = form.onSubmit((values) => {
    clear();
    save.mutate(values, { onSuccess: onSaved, onError: refuse });
  });
  const { name, colour } = form.getValues();
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <TextInput
          label={t('settings.users.name')}
          data-autofocus
          maxLength={50}
          {...form.getInputProps('name')}
        />
        <Group align="flex-end">
          <NativeSelect
            flex={1}
            label={t('settings.tags.colour')}
            data={COLOURS.map((one) => ({ value: one, label: t(`settings.tags.colours.${one}`) }))}
            {...form.getInputProps('colour')}
          />
          <Group h={36}>
            <TagBadge name={name || '…'} colour={colour} />
          </Group>
        </Group>
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {t('actions.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function DeleteTag({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation('crm');
  const remove = useDeleteTag();
  const notify = useNotifyRefusal();
  return (
    <Confirm
      opened
      title={t('settings.teams.deleteOf', { name: tag.name })}
      text={t('settings.tags.deleteText')}
      confirm={t('settings.tags.delete')}
      pending={remove.isPending}
      onConfirm={() => remove.mutate(tag, { onError: notify, onSettled: onClose })}
      onClose={onClose}
    />
  );
}
