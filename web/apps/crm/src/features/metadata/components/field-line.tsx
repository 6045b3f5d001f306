/** A field in the list of fields: what it is, and what can be done with it. */

import { Confirm, useNotifyRefusal } from '@abetworks/app-kit';
import { ActionIcon, Badge, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useText } from '@/features/records/use-objects';
import { useUpdateField } from '../api/fields';
import type { CustomField } from '../custom-field';

interface FieldLineProps {
  field: CustomField;
  /** Of its section. */
  first: boolean;
  last: boolean;
  busy: boolean;
  onEdit: () => void;
  onMove: (by: -1 | 1) => void;
}

export function FieldLine({ field, first, last, busy, onEdit, onMove }: FieldLineProps) {
  const { t } = useTranslation('crm');
  const name = useText()(field.label);
  return (
    <Group component="li" justify="space-between" gap="xs" wrap="wrap">
      <div style={{ minWidth: 0, flex: '1 1 220px' }}>
        <Group gap={6}>
          <Text fw={500}>{name}</Text>
          <Badge variant="light" color="indigo" size="sm" tt="none">
            {t(`settings.fields.types.${field.type}`)}
          </Badge>
          <Marks field={field} />
        </Group>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {field.name}
        </Text>
      </div>
      <Group gap="xs">
        {field.archived ? (
          <BringBack field={field} name={name} />
        ) : (
          <>
            <ActionIcon
              variant="default"
              size={30}
              disabled={first || busy}
              aria-label={t('settings.moveUp', { name })}
              onClick={() => onMove(-1)}
            >
              <IconArrowUp size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="default"
              size={30}
              disabled={last || busy}
              aria-label={t('settings.moveDown', { name })}
              onClick={() => onMove(1)}
            >
              <IconArrowDown size={16} aria-hidden />
            </ActionIcon>
            <Button
              size="xs"
              variant="default"
              aria-label={t('settings.teams.editOf', { name })}
              onClick={onEdit}
            >
              {t('settings.edit')}
            </Button>
            <Archive field={field} name={name} />
          </>
        )}
      </Group>
    </Group>
  );
}

function Marks({ field }: { field: CustomField }) {
  const { required, unique, unique_failed, indexed, index_pending } = field;
  const { t } = useTranslation('crm');
  const index = index_pending ? 'indexPending' : 'indexed';
  const marks = [
    ...(required ? (['required'] as const) : []),
    ...(unique ? (['unique'] as const) : []),
    ...(indexed || index_pending ? ([index] as const) : []),
  ];
  return (
    <>
      {marks.map((mark) => (
        <Badge key={mark} variant="light" color="gray" size="sm" tt="none">
          {t(`settings.fields.${mark}`)}
        </Badge>
      ))}
      {unique_failed ? (
        <Badge variant="light" color="red" size="sm" tt="none">
          {t('settings.fields.uniqueFailed')}
        </Badge>
      ) : null}
    </>
  );
}

interface NamedProps {
  field: CustomField;
  name: string;
}

function Archive({ field, name }: NamedProps) {
  const { t } = useTranslation('crm');
  const [asking, { open, close }] = useDisclosure(false);
  const update = useUpdateField();
  const notify = useNotifyRefusal();
  return (
    <>
      <Button
        size="xs"
        variant="subtle"
        color="red"
        aria-label={t('settings.fields.archiveOf', { name })}
        onClick={open}
      >
        {t('settings.fields.archive')}
      </Button>
      <Confirm
        opened={asking}
        title={t('settings.fields.archiveOf', { name })}
        text={t('settings.fields.archiveText')}
        confirm={t('settings.fields.archive')}
        pending={update.isPending}
        onConfirm={() =>
          update.mutate(
            { base: field, patch: { archived: true } },
            { onError: notify, onSettled: close },
          )
        }
        onClose={close}
      />
    </>
  );
}

function BringBack({ field, name }: NamedProps) {
  const { t } = useTranslation('crm');
  const update = useUpdateField();
  const notify = useNotifyRefusal();
  return (
    <Button
      size="xs"
      variant="default"
      aria-label={t('settings.fields.bringBackOf', { name })}
      loading={update.isPending}
      onClick={() =>
        update.mutate({ base: field, patch: { archived: false } }, { onError: notify })
      }
    >
      {t('settings.fields.bringBack')}
    </Button>
  );
}
