/** What refers to a record, by object: the first of each, all of them in a list, and new ones. */

import { LinkText, useRefusalWording } from '@abetworks/app-kit';
import { formatCount } from '@abetworks/ui';
import { Badge, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { type RecordPage, relatedQuery } from '../api/records';
import { FieldCell } from '../components/record-cells';
import { TaskLine } from '../components/task-line';
import { useNames } from '../components/use-names';
import { type CrmRecord, may, type ObjectDescription, titleOf } from '../description';
import { listFields } from '../list-fields';
import { ObjectIcon } from '../object-icon';
import { filterOf, type Relation, relationsTo } from '../relations';
import { useObjects, useObjectWords, useText } from '../use-objects';
import classes from './record-page.module.css';

const RelatedDrawer = lazy(async () => ({
  default: (await import('./related-drawer')).RelatedDrawer,
}));

interface RelatedListsProps {
  object: ObjectDescription;
  record: CrmRecord;
  readOnly: boolean;
}

export function RelatedLists({ object, record, readOnly }: RelatedListsProps) {
  const objects = useObjects();
  const relations = useMemo(() => relationsTo(objects, object), [objects, object]);
  return relations.map((relation) => (
    <RelatedList
      key={`${relation.object.name}.${relation.field.name}`}
      relation={relation}
      object={object}
      record={record}
      readOnly={readOnly}
    />
  ));
}

interface RelatedListProps extends RelatedListsProps {
  relation: Relation;
}

function RelatedList({ relation, object, record, readOnly }: RelatedListProps) {
  const { t } = useTranslation(['crm', 'ui']);
  const text = useText();
  const word = useRefusalWording();
  const words = useObjectWords(relation.object);
  const filter = filterOf(relation, object, record.id);
  const list = useQuery(relatedQuery(useClient(), relation.object.path, JSON.stringify(filter)));
  const [isMaking, setMaking] = useState(false);
  const title = relation.isAmbiguous
    ? t('related.by', { many: words.title, field: text(relation.field.label) })
    : words.title;
  // A note is written beside the timeline.
  const canMake = !readOnly && relation.hasList && may(relation.object, 'create');
  const isEmpty = list.data?.items.length === 0;
  if (isEmpty && !relation.hasList) return null;
  return (
    <Paper
      component="section"
      withBorder
      radius="lg"
      p="md"
      aria-label={title}
      aria-busy={list.isPending}
    >
      <Group justify="space-between" gap="xs" mb="xs">
        <Group gap="xs">
          <Title order={2} fz="md">
            {title}
          </Title>
          {list.data?.count === undefined ? null : <Count page={list.data} />}
        </Group>
        {canMake ? (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setMaking(true)}
          >
            {words.bent('new')}
          </Button>
        ) : null}
      </Group>
      {list.isPending ? <Skeleton h={20} w="60%" /> : null}
      {list.isError ? (
        <Group role="alert">
          <Text size="sm">{word(list.error)}</Text>
          <Button size="compact-sm" variant="default" onClick={() => void list.refetch()}>
            {t('ui:actions.retry')}
          </Button>
        </Group>
      ) : null}
      {isEmpty ? (
        <Text size="sm" c="dimmed">
          {t('records.none', { many: words.many })}
        </Text>
      ) : null}
      {list.data === undefined || isEmpty ? null : (
        <Items relation={relation} page={list.data} readOnly={readOnly} />
      )}
      {relation.hasList && list.data !== undefined && !isEmpty ? (
        <LinkText
          to="/$path"
          params={{ path: relation.object.path }}
          search={{ filter }}
          size="sm"
          mt="xs"
          display="inline-block"
          aria-label={t('related.allOf', { many: title })}
        >
          {t('related.all')}
        </LinkText>
      ) : null}
      {isMaking ? (
        <Suspense>
          <RelatedDrawer
            relation={relation}
            object={object}
            record={record}
            onClose={() => setMaking(false)}
          />
        </Suspense>
      ) : null}
    </Paper>
  );
}

function Count({ page: { count } }: { page: RecordPage }) {
  const { i18n } = useTranslation();
  if (count === undefined) return null;
  return (
    <Badge variant="light" color="gray" radius="sm">
      {formatCount(count.value, i18n.language)}
      {count.exact ? '' : '+'}
    </Badge>
  );
}

interface ItemsProps {
  relation: Relation;
  page: RecordPage;
  readOnly: boolean;
}

function Items({ relation, page, readOnly }: ItemsProps) {
  const { object } = relation;
  return (
    <ul className={classes.related}>
      {page.items.map((item) => (
        <li key={item.id}>
          {object.name === 'task' ? (
            <TaskLine task={item} readOnly={readOnly} />
          ) : (
            <Item relation={relation} item={item} />
          )}
        </li>
      ))}
    </ul>
  );
}

/** A record in one line: its name, and what its list shows first. */
function Item({ relation, item }: { relation: Relation; item: CrmRecord }) {
  const { object, field, hasList } = relation;
  const told = useMemo(
    () =>
      listFields(object)
        .filter(({ name }) => name !== field.name && item[name] != null)
        .slice(0, 2),
    [object, field, item],
  );
  const pages = useMemo(() => [[item]], [item]);
  const nameOf = useNames(told, pages);
  const title = titleOf(object, item);
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <ObjectIcon name={object.name} size={18} />
      <Stack gap={0} miw={0}>
        {hasList ? (
          <LinkText to="/$path/$recordId" params={{ path: object.path, recordId: item.id }}>
            {title}
          </LinkText>
        ) : (
          <Text size="sm" lineClamp={2}>
            {title}
          </Text>
        )}
        {hasList && told.length > 0 ? (
          <Text size="sm" c="dimmed" className={classes.told ?? ''}>
            {told.map((one, place) => (
              <span key={one.name}>
                {place === 0 ? null : ' · '}
                <FieldCell field={one} record={item} nameOf={nameOf} />
              </span>
            ))}
          </Text>
        ) : null}
      </Stack>
    </Group>
  );
}
