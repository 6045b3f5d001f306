/** Building a filter: conditions that all hold or one of which does, in groups. */
import { Button, Drawer, Group as Row, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectDescription } from '../description';
import { type Group, toFilter, toGroup } from './conditions';
import type { ListFilter } from './filter';
import { GroupEditor } from './group-editor';

interface FilterDrawerProps {
  object: ObjectDescription;
  filter: ListFilter | undefined;
  onClose: () => void;
  onApply: (filter: ListFilter | undefined) => void;
}

export function FilterDrawer({ object, filter, onClose, onApply }: FilterDrawerProps) {
  const { t } = useTranslation('crm');
  const [group, setGroup] = useState<Group>(() => toGroup(object, filter));
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
          onApply(toFilter(object, group));
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t('filter.text')}
          </Text>
          <GroupEditor object={object} group={group} depth={1} onChange={setGroup} />
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
