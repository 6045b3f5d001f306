/** Several records of another object, as a filter asks for them: looked for by their names. */
import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { nameSearchQuery, namesOfQuery, type RecordName } from '../api/names';
import type { ObjectDescription } from '../description';
import { useObjects } from '../use-objects';
import { type FieldInputProps, useClearLabel, useCommonProps } from './field-props';

/** While one types nothing is asked for. */
const PAUSE_MS = 200;

export function RecordsField(props: FieldInputProps) {
  const target = useObjects().find(({ name }) => name === props.field.target);
  // Without its description nothing could be looked for; what is asked for stays as it is.
  return target === undefined ? null : <RecordsSearch {...props} target={target} />;
}

function RecordsSearch({ target, ...props }: FieldInputProps & { target: ObjectDescription }) {
  const { t } = useTranslation('crm');
  const { value, onChange, ...common } = useCommonProps(props);
  const chosen = value as string[];
  const clear = useClearLabel();
  const client = useClient();
  const [words, setWords] = useState('');
  const [opened, setOpened] = useState(false);
  const [asked] = useDebouncedValue(words.trim(), PAUSE_MS);
  const known = useQuery({
    ...namesOfQuery(client, target, chosen),
    placeholderData: keepPreviousData,
  });
  const found = useQuery({ ...nameSearchQuery(client, target, asked), enabled: opened });
  const names = new Map<string, RecordName>(
    [...(known.data ?? []), ...(found.data ?? [])].map((one) => [one.id, one]),
  );
  // What may not be seen, or is gone, has no name.
  const isAnswered = known.isSuccess && !known.isPlaceholderData;
  const nameless = t(isAnswered ? 'records.hidden' : 'records.searching');
  const offered = (found.data ?? []).map(({ id }) => id).filter((id) => !chosen.includes(id));
  return (
    <MultiSelect
      {...common}
      searchable
      clearable={!props.readOnly}
      clearButtonProps={{ 'aria-label': clear }}
      value={chosen}
      onChange={onChange}
      searchValue={words}
      onSearchChange={setWords}
      onDropdownOpen={() => setOpened(true)}
      hidePickedOptions
      // The server has looked already, by its own rules.
      filter={({ options }) => options}
      nothingFoundMessage={found.isFetching ? t('records.searching') : t('records.nothingFound')}
      data={[...chosen, ...offered].map((id) => ({
        value: id,
        label: names.get(id)?.name ?? nameless,
      }))}
    />
  );
}
