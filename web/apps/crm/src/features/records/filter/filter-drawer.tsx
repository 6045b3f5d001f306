/** Building a filter: conditions that all hold or one of which does, in groups. */
import { Button, Drawer, Group as Row, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectDescription } from '../description';
import { useObjects } from '../use-objects';
import { type Group, toFilter, toGroup } from './conditions';
import type { ListFilter } from './filter';
import { GroupEditor } from './group-editor';
import { fieldGroups, withReach } from './reach';

interface FilterDrawerProps {
  object: ObjectDescription;
  filter: ListFilter | undefined;
  onClose: () => void;
  onApply: (filter: ListFilter | undefined) => void;
}

export function FilterDrawer({ object, filter, onClose, onApply }: FilterDrawerProps) {
  const { t } = useTranslation('crm');
  const objects = useObjects();
  const groups = useMemo(() => fieldGroups(object, objects), [object, objects]);
  const reach = useMemo(() => withReach(object, groups), [object, groups]);
  const [group, setGroup] = useState<Group>(() => toGroup(reach, filter));
  return (
    <Drawer
      opened
      onClose={onClose}
      title={t('filter.title')}
      position="right"
      size={620}
      padding="lg"
      transitionProps={{ duration: 0 }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onApply(toFilter(reach, group));
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t('filter.text')}
          </Text>
          <GroupEditor object={reach} groups={groups} group={group} depth={1} onChange={setGroup} />
          <Row justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button type="submit">{t('filter.apply')}</Button>
          </Row>
        </Stack>
      </form>
    </Drawer>
  );
}
