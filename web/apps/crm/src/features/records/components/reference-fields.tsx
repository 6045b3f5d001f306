/** Fields that refer to something: a person, a stage, a record of another object. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { nameSearchQuery, namesOfQuery } from '../api/names';
import { pipelinesQuery, teamsQuery, usersQuery } from '../api/objects';
import type { ObjectDescription } from '../description';
import { useObjects } from '../use-objects';
import { type FieldInputProps, orEmpty, useClearLabel, useCommonProps } from './field-props';

/** While one types nothing is asked for. */
const PAUSE_MS = 200;

/** Who has left is nobody to choose for a record, but somebody to ask for. */
export function UserField(props: FieldInputProps) {
  const { t } = useTranslation('crm');
  const common = useCommonProps(props);
  const clear = useClearLabel();
  const users = useQuery(usersQuery(useClient())).data ?? [];
  const { value } = common;
  const asks = !props.field.writable;
  const present = users.filter(({ active }) => active);
  const former = users.filter(({ id, active }) => !active && (asks || id === value));
  return (
    <Select
      {...common}
      {...orEmpty(common)}
      searchable
      clearable={!props.readOnly}
      clearButtonProps={{ 'aria-label': clear }}
      data={[
        ...present.map(({ id, name }) => ({ value: id, label: name })),
        ...former.map(({ id, name }) => ({ value: id, label: t('records.former', { name }) })),
      ]}
    />
  );
}

export function TeamField(props: FieldInputProps) {
  const common = useCommonProps(props);
  const clear = useClearLabel();
  const teams = useQuery(teamsQuery(useClient())).data ?? [];
  return (
    <Select
      {...common}
      {...orEmpty(common)}
      searchable
      clearable={!props.readOnly}
      clearButtonProps={{ 'aria-label': clear }}
      data={teams.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}

export function StageField(props: FieldInputProps) {
  const common = useCommonProps(props);
  const pipelines = useQuery(pipelinesQuery(useClient())).data ?? [];
  return (
    <Select
      {...common}
      {...orEmpty(common)}
      allowDeselect={false}
      data={pipelines.map(({ name, stages }) => ({
        group: name,
        items: stages.map((stage) => ({ value: stage.id, label: stage.name })),
      }))}
    />
  );
}

export function RelationField(props: FieldInputProps) {
  const target = useObjects().find(({ name }) => name === props.field.target);
  // Without its description nothing could be looked for; what it refers to stays as it is.
  return target === undefined ? null : <RecordSearch {...props} target={target} />;
}

function RecordSearch({ target, ...props }: FieldInputProps & { target: ObjectDescription }) {
  const { t } = useTranslation('crm');
  const common = useCommonProps(props);
  const chosen = String(common.value);
  const clear = useClearLabel();
  const client = useClient();
  const [words, setWords] = useState('');
  const [opened, setOpened] = useState(false);
  const [asked] = useDebouncedValue(words.trim(), PAUSE_MS);
  const known = useQuery(namesOfQuery(client, target, chosen === '' ? [] : [chosen])).data ?? [];
  // The input holds the name of what is chosen, which is nothing to look for.
  const isName = known.some(({ name }) => name === asked);
  const found = useQuery({
    ...nameSearchQuery(client, target, isName ? '' : asked),
    enabled: opened,
  });
  const others = (found.data ?? []).filter(({ id }) => id !== chosen);
  return (
    <Select
      {...common}
      {...orEmpty(common)}
      searchable
      clearable={!props.readOnly}
      clearButtonProps={{ 'aria-label': clear }}
      onSearchChange={setWords}
      onDropdownOpen={() => setOpened(true)}
      // The server has looked already, by its own rules.
      filter={({ options }) => options}
      nothingFoundMessage={found.isFetching ? t('records.searching') : t('records.nothingFound')}
      data={[...known, ...others].map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}
