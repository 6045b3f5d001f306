/** The tags of a record. A word that is no tag yet becomes one when it is chosen. */

import { useNotifyRefusal } from '@abetworks/app-kit';
import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { tagsQuery } from '../api/objects';
import { useCreateTag } from '../api/tags';
import { type FieldInputProps, useClearLabel, useCommonProps } from './field-props';
import { TagBadge } from './tag-badge';

/** Stands for a word that is no tag yet: never an id. */
const NEW = 'new';

export function TagsField(props: FieldInputProps) {
  const { t } = useTranslation('crm');
  const { value, onChange, ...common } = useCommonProps(props);
  const chosen = value as string[];
  const tags = useQuery(tagsQuery(useClient())).data ?? [];
  const create = useCreateTag();
  const notify = useNotifyRefusal();
  const [words, setWords] = useState('');
  const name = words.trim();
  const isKnown = tags.some((tag) => tag.name.toLowerCase() === name.toLowerCase());
  const offersNew = props.field.writable && name !== '' && !isKnown;
  const colours = new Map(tags.map(({ id, colour }) => [id, colour]));
  const choose = (ids: string[]) => {
    const kept = ids.filter((id) => id !== NEW);
    if (kept.length === ids.length) return onChange(kept);
    create.mutate({ name }, { onSuccess: (tag) => onChange([...kept, tag.id]), onError: notify });
    setWords('');
  };
  return (
    <MultiSelect
      {...common}
      searchable
      clearable={!props.readOnly}
      clearButtonProps={{ 'aria-label': useClearLabel() }}
      nothingFoundMessage={t('tags.none')}
      data={[
        ...tags.map((tag) => ({ value: tag.id, label: tag.name })),
        ...(offersNew ? [{ value: NEW, label: t('tags.make', { name }) }] : []),
      ]}
      value={chosen}
      onChange={choose}
      searchValue={words}
      onSearchChange={setWords}
      renderOption={({ option }) =>
        option.value === NEW ? (
          option.label
        ) : (
          <TagBadge name={option.label} colour={colours.get(option.value) ?? 'gray'} />
        )
      }
    />
  );
}
