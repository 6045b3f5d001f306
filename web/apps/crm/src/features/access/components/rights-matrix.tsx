/** Objects by actions, each cell how far the action reaches; under an object the rights on its fields. */
import { ActionIcon, Badge, Group, NativeSelect, Table, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectDescription } from '@/features/records/description';
import { ObjectIcon } from '@/features/records/object-icon';
import { useObjects, useText } from '@/features/records/use-objects';
import { ACTIONS, type Action, hasLevel, LEVELS, levelOf, restrictable, rightOf } from '../rights';
import { FieldRights } from './field-rights';
import type { RightsProps } from './rights-props';
import classes from './roles.module.css';

export function RightsMatrix(props: RightsProps) {
  const { t } = useTranslation('crm');
  const objects = useObjects();
  const [opened, setOpened] = useState<string>();
  return (
    <Table.ScrollContainer minWidth={740}>
      <Table className={classes.matrix ?? ''} verticalSpacing={6} horizontalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.roles.object')}</Table.Th>
            {ACTIONS.map((action) => (
              <Table.Th key={action}>{t(`settings.roles.actions.${action}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {objects.map((object) => (
            <Fragment key={object.name}>
              <ObjectRow
                {...props}
                object={object}
                opened={opened === object.name}
                onToggle={() => setOpened(opened === object.name ? undefined : object.name)}
              />
              {opened === object.name ? (
                <Table.Tr>
                  <Table.Td colSpan={ACTIONS.length + 1} id={`fields-of-${object.name}`}>
                    <FieldRights {...props} object={object} />
                  </Table.Td>
                </Table.Tr>
              ) : null}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface ObjectRowProps extends RightsProps {
  object: ObjectDescription;
  opened: boolean;
  onToggle: () => void;
}

function ObjectRow({ object, opened, onToggle, ...props }: ObjectRowProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const { role, changes } = props;
  const name = text(object.plural);
  const restricted = restrictable(object).filter(
    (field) => rightOf(role, changes, object.name, field.name) !== 'edit',
  ).length;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <Group gap={6} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-expanded={opened}
            aria-label={t('settings.roles.fieldsOf', { object: name })}
            onClick={onToggle}
          >
            <Chevron size={16} aria-hidden />
          </ActionIcon>
          <ObjectIcon name={object.name} size={18} />
          <Text fw={500} size="sm">
            {name}
          </Text>
          {restricted === 0 ? null : (
            <Badge size="sm" variant="light" color="yellow" tt="none">
              {t('settings.roles.restricted', { count: restricted })}
            </Badge>
          )}
        </Group>
      </Table.Th>
      {ACTIONS.map((action) => (
        <Table.Td key={action}>
          {hasLevel(object, action) ? (
            <LevelSelect {...props} object={object} action={action} />
          ) : (
            <Text size="xs" c="dimmed">
              {t('settings.roles.withRecord')}
            </Text>
          )}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

interface LevelSelectProps extends RightsProps {
  object: ObjectDescription;
  action: Action;
}

function LevelSelect({ role, changes, fixed, onChange, object, action }: LevelSelectProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const level = levelOf(role, changes, object.name, action);
  const place = `levels.${object.name}.${action}`;
  return (
    <NativeSelect
      size="xs"
      rightSectionWidth={18}
      aria-label={`${text(object.plural)}: ${t(`settings.roles.actions.${action}`)}`}
      data-right={level}
      data-changed={place in changes || undefined}
      classNames={{ input: classes.right ?? '' }}
      disabled={fixed}
      value={level}
      data={LEVELS.map((value) => ({ value, label: t(`settings.roles.levels.${value}`) }))}
      onChange={(event) => onChange(place, event.currentTarget.value)}
    />
  );
}
