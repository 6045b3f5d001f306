/** One record on a page of its own: its fields, what can be done with it, what happened to it. */
import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../app/context';
import { LinkButton } from '../../../app/links';
import { Loaded } from '../../../app/loaded';
import { useNotifyRefusal } from '../../../app/refusal';
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
import { RecordTimeline } from './record-timeline';

interface RecordPageProps {
  object: ObjectDescription;
  recordId: string;
  readOnly: boolean;
}

export function RecordPage({ object, recordId, readOnly }: RecordPageProps) {
  const record = useQuery(recordQuery(useClient(), object.path, recordId));
  const words = useObjectWords(object);
  return (
    <Stack gap="md" p={{ base: 'sm', sm: 'lg' }} flex={1} mih={0} className={classes.page ?? ''}>
      <Group>
        <LinkButton
          to="/$path"
          params={{ path: object.path }}
          variant="subtle"
          size="compact-sm"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          {words.title}
        </LinkButton>
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
        {readOnly || !may(object, 'update') ? null : (
          <LinkButton
            variant="default"
            to="/$path/$recordId"
            params={{ path: object.path, recordId: record.id }}
          >
            {t('records.editAll')}
          </LinkButton>
        )}
        {readOnly || !may(object, 'delete') ? null : (
          <DeleteRecord
            object={object}
            record={record}
            onDeleted={() => void navigate({ to: '/$path', params: { path: object.path } })}
            onRefused={notify}
          />
        )}
      </Group>
    </Group>
  );
}
