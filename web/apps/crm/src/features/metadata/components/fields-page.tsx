/** The fields that admins made, of one object at a time, in the order of its forms. */

import { Dialog, Loaded, useNotifyRefusal } from '@abetworks/app-kit';
import { StateView } from '@abetworks/ui';
import { Button, NativeSelect, Paper, Skeleton, Stack, Title } from '@mantine/core';
import { IconForms, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import type { ObjectDescription } from '@/features/records/description';
import { sections, useSectionName } from '@/features/records/sections';
import { useObjects, useText } from '@/features/records/use-objects';
import { SettingsPage } from '@/features/settings/components/settings-page';
import { fieldsQuery, usePlaceFields } from '../api/fields';
import { type CustomField, moved } from '../custom-field';
import { FieldLine } from './field-line';

const FieldForm = lazy(async () => ({ default: (await import('./field-form')).FieldForm }));

export function FieldsPage({ chosen }: { chosen: string | undefined }) {
  const { t } = useTranslation('crm');
  const text = useText();
  const navigate = useNavigate();
  const objects = useObjects();
  const object = objects.find(({ name }) => name === chosen) ?? objects[0];
  /** `null`: a new one. */
  const [editing, setEditing] = useState<CustomField | null>();
  const close = () => setEditing(undefined);
  if (object === undefined) return null;
  return (
    <SettingsPage
      title={t('settings.fields.title')}
      text={t('settings.fields.text')}
      action={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing(null)}>
          {t('settings.fields.new')}
        </Button>
      }
    >
      <NativeSelect
        maw={280}
        label={t('settings.roles.object')}
        value={object.name}
        data={objects.map(({ name, plural }) => ({ value: name, label: text(plural) }))}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ to: '/settings/fields', search: { object: value }, replace: true })
        }
      />
      <Fields key={object.name} object={object} onEdit={setEditing} />
      <Dialog
        opened={editing !== undefined}
        onClose={close}
        size="lg"
        title={editing ? text(editing.label) : t('settings.fields.new')}
      >
        {editing === undefined ? null : (
          <Suspense fallback={<Skeleton h={300} />}>
            <FieldForm object={object} field={editing ?? undefined} onSaved={close} />
          </Suspense>
        )}
      </Dialog>
    </SettingsPage>
  );
}

interface FieldsProps {
  object: ObjectDescription;
  onEdit: (field: CustomField) => void;
}

function Fields({ object, onEdit }: FieldsProps) {
  const { t } = useTranslation('crm');
  const heading = useSectionName();
  const notify = useNotifyRefusal();
  const place = usePlaceFields();
  const fields = useQuery(fieldsQuery(useClient(), object.name));
  return (
    <Loaded query={fields}>
      {(all) => {
        const live = all.filter(({ archived }) => !archived);
        const away = all.filter(({ archived }) => archived);
        const line = (field: CustomField, last: boolean, first: boolean) => (
          <FieldLine
            key={field.id}
            field={field}
            first={first}
            last={last}
            busy={place.isPending}
            onEdit={() => onEdit(field)}
            onMove={(by) => place.mutate(moved(live, field.id, by), { onError: notify })}
          />
        );
        const groups = [
          ...sections(live).map(([section, fields]) => ({ title: heading(section), fields })),
          ...(away.length === 0 ? [] : [{ title: t('settings.fields.archived'), fields: away }]),
        ];
        if (groups.length === 0) {
          return (
            <StateView
              icon={<IconForms aria-hidden />}
              title={t('settings.fields.none')}
              text={t('settings.fields.noneText')}
            />
          );
        }
        return (
          <Stack gap="lg">
            {groups.map(({ title, fields: inIt }) => (
              <Paper key={title} withBorder radius="lg" p={{ base: 'md', sm: 'lg' }}>
                <Title order={2} fz="lg" mb="sm">
                  {title}
                </Title>
                <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
                  {inIt.map((field, place) => line(field, place === inIt.length - 1, place === 0))}
                </Stack>
              </Paper>
            ))}
          </Stack>
        );
      }}
    </Loaded>
  );
}
