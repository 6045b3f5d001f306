/** One record on a page of its own: its fields, what can be done with it, what happened to it. */

import { LinkButton, Loaded, useNotifyRefusal, useShortcut } from '@abetworks/app-kit';
import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { recordQuery } from '../api/records';
import { DeleteRecord } from '../components/delete-record';
import { FieldCell } from '../components/record-cells';
import { useNames } from '../components/use-names';
import { type CrmRecord, fieldOf, may, type ObjectDescription, titleOf } from '../description';
import { ObjectIcon } from '../object-icon';
import { useObjectWords, useText } from '../use-objects';
import { Composer } from './composer';
import { RecordFields } from './record-fields';
import classes from './record-page.module.css';
import { type ListState, RecordSteps } from './record-steps';
import { RecordTimeline } from './record-timeline';
import { RelatedLists } from './related-lists';

interface RecordPageProps {
  object: ObjectDescription;
  recordId: string;
  /** That one came from. */
  list: ListState;
  readOnly: boolean;
}

export function RecordPage({ object, recordId, list, readOnly }: RecordPageProps) {
  const record = useQuery(recordQuery(useClient(), object.path, recordId));
  const words = useObjectWords(object);
  return (
    <Stack gap="md" p={{ base: 'sm', sm: 'lg' }} flex={1} mih={0} className={classes.page ?? ''}>
      <Group justify="space-between" gap="xs">
        <LinkButton
          to="/$path"
          params={{ path: object.path }}
          search={true}
          variant="subtle"
          size="compact-sm"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          {words.title}
        </LinkButton>
        <RecordSteps object={object} recordId={recordId} list={list} />
      </Group>
      <Loaded query={record}>
        {(loaded) => <Page object={object} record={loaded} readOnly={readOnly} />}
      </Loaded>
    </Stack>
  );
}

interface PageProps {
  object: ObjectDescription;
  record: CrmRecord;
  readOnly: boolean;
}

function Page({ object, record, readOnly }: PageProps) {
  const mayChange = !readOnly && may(object, 'update');
  return (
    <>
      <Header object={object} record={record} readOnly={readOnly} />
      <Box className={classes.columns}>
        <RecordFields object={object} record={record} readOnly={!mayChange} />
        <Stack gap="md">
          {readOnly ? null : <Composer object={object} recordId={record.id} />}
          <RelatedLists object={object} record={record} readOnly={readOnly} />
          <RecordTimeline object={object} recordId={record.id} readOnly={readOnly} />
        </Stack>
      </Box>
    </>
  );
}

function Header({ object, record, readOnly }: PageProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const navigate = useNavigate();
  const notify = useNotifyRefusal();
  const owner = fieldOf(object, 'owner_id');
  const fields = useMemo(() => (owner === undefined ? [] : [owner]), [owner]);
  const nameOf = useNames(fields, undefined);
  const mayChange = !readOnly && may(object, 'update');
  const toForm = () =>
    void navigate({
      to: '/$path/$recordId/edit',
      params: { path: object.path, recordId: record.id },
      search: true,
    });
  useShortcut('e', 'edit', mayChange ? toForm : undefined);
  const mayMake = !readOnly && may(object, 'create');
  const toNew = () =>
    void navigate({ to: '/$path/new', params: { path: object.path }, search: true });
  useShortcut('c', 'create', mayMake ? toNew : undefined);
  return (
    <Group justify="space-between" gap="sm" align="flex-start">
      <Group gap="sm" wrap="nowrap" miw={0}>
        <ObjectIcon name={object.name} size={28} />
        <div style={{ minWidth: 0 }}>
          <Title order={1} fz={24} style={{ overflowWrap: 'anywhere' }}>
            {titleOf(object, record)}
          </Title>
          {owner === undefined ? null : (
            <Text size="sm" c="dimmed">
              {text(owner.label)}: <FieldCell field={owner} record={record} nameOf={nameOf} />
            </Text>
          )}
        </div>
      </Group>
      <Group gap="xs">
        {!mayChange ? null : (
          <LinkButton
            variant="default"
            to="/$path/$recordId/edit"
            params={{ path: object.path, recordId: record.id }}
            search={true}
          >
            {t('records.editAll')}
          </LinkButton>
        )}
        {readOnly || !may(object, 'delete') ? null : (
          <DeleteRecord
            object={object}
            record={record}
            onDeleted={() =>
              void navigate({ to: '/$path', params: { path: object.path }, search: true })
            }
            onRefused={notify}
          />
        )}
      </Group>
    </Group>
  );
}
