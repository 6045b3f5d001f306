/** A group of conditions, which may hold groups itself. */
import { ActionIcon, Button, NativeSelect, Paper, Group as Row, Stack, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectDescription } from '../description';
import { ConditionEditor } from './condition-editor';
import { type Group, newCondition, newGroup, type Part } from './conditions';
import { operatorsOf } from './operators';
import type { FieldGroup } from './reach';

/** The API takes five levels; people lose the thread before. */
const DEEPEST = 3;

interface GroupEditorProps {
  object: ObjectDescription;
  groups: readonly FieldGroup[];
  group: Group;
  depth: number;
  onChange: (group: Group) => void;
}

export function GroupEditor({ object, groups, group, depth, onChange }: GroupEditorProps) {
  const { t } = useTranslation('crm');
  const first = object.fields.find((field) => operatorsOf(field).length > 0);
  const add = (part: Part) => onChange({ ...group, parts: [...group.parts, part] });
  const put = (part: Part) =>
    onChange({ ...group, parts: group.parts.map((old) => (old.key === part.key ? part : old)) });
  const drop = (part: Part) =>
    onChange({ ...group, parts: group.parts.filter(({ key }) => key !== part.key) });
  return (
    <Stack gap="sm" role="group" aria-label={t('filter.group')}>
      <NativeSelect
        size="xs"
        w={220}
        aria-label={t('filter.join')}
        value={group.join}
        data={[
          { value: 'and', label: t('filter.and') },
          { value: 'or', label: t('filter.or') },
        ]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...group, join: value === 'or' ? 'or' : 'and' })
        }
      />
      {group.parts.map((part) => (
        <Row key={part.key} gap="xs" align="flex-start" wrap="nowrap">
          <div style={{ flex: 1, minWidth: 0 }}>
            {part.kind === 'condition' ? (
              <ConditionEditor object={object} groups={groups} condition={part} onChange={put} />
            ) : part.kind === 'group' ? (
              <Paper withBorder radius="md" p="sm">
                <GroupEditor
                  object={object}
                  groups={groups}
                  group={part}
                  depth={depth + 1}
                  onChange={put}
                />
              </Paper>
            ) : (
              <Text size="sm" c="dimmed">
                {t('filter.other')}
              </Text>
            )}
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={4}
            aria-label={t('filter.remove')}
            onClick={() => drop(part)}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Row>
      ))}
      <Row gap="xs">
        {first === undefined ? null : (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => add(newCondition(first))}
          >
            {t('filter.addCondition')}
          </Button>
        )}
        {depth >= DEEPEST || first === undefined ? null : (
          <Button
            size="xs"
            variant="subtle"
            onClick={() =>
              add(newGroup(group.join === 'and' ? 'or' : 'and', [newCondition(first)]))
            }
          >
            {t('filter.addGroup')}
          </Button>
        )}
      </Row>
    </Stack>
  );
}
