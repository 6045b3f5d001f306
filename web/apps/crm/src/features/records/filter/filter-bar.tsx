/** Narrows a list by its title and its pick lists; the rest is built beside it. All in the address. */
import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldOf, type ObjectDescription } from '../description';
import { useText } from '../use-objects';
import { type ListFilter, quickFields, quickValue, termCount, withQuick } from './filter';
import { FilterEditor } from './filter-editor';
import { type FilterChange, useChangeFilter } from './use-change-filter';

/** While one types nothing is asked for. */
const PAUSE_MS = 250;
/** More would push the list out of sight. */
const MOST = 2;

export interface FilterBarProps {
  object: ObjectDescription;
  filter: ListFilter | undefined;
}

export function FilterBar({ object, filter }: FilterBarProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const change = useChangeFilter(object);
  const [building, { open, close }] = useDisclosure(false);
  const count = termCount(filter?.where);
  return (
    <Group gap="xs">
      <TitleSearch key={object.path} object={object} filter={filter} onChange={change} />
      {quickFields(object)
        .slice(0, MOST)
        .map(({ name, label, options }) => {
          const value = quickValue(filter, name, 'eq');
          return (
            <Select
              key={name}
              aria-label={t('filter.by', { field: text(label) })}
              placeholder={text(label)}
              w={160}
              clearable
              clearButtonProps={{ 'aria-label': t('records.clear') }}
              data={options.map((option) => ({ value: option.key, label: text(option.label) }))}
              value={value === '' ? null : value}
              onChange={(chosen) =>
                change((now) => withQuick(now, { field: name, op: 'eq', value: chosen ?? '' }))
              }
            />
          );
        })}
      <Button
        variant={count > 0 ? 'light' : 'default'}
        leftSection={<IconFilter size={16} aria-hidden />}
        onClick={open}
      >
        {count === 0 ? t('filter.open') : t('filter.openCount', { count })}
      </Button>
      {count === 0 ? null : (
        <Button variant="subtle" onClick={() => change(() => undefined)}>
          {t('filter.clear')}
        </Button>
      )}
      {building ? <FilterEditor object={object} filter={filter} onClose={close} /> : null}
    </Group>
  );
}

interface TitleSearchProps extends FilterBarProps {
  onChange: (next: FilterChange) => void;
}

function TitleSearch({ object, filter, onChange }: TitleSearchProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const asked = quickValue(filter, object.title, 'contains');
  const [words, setWords] = useState(asked);
  // The address has changed by itself, as by going back: it is what counts.
  const [seen, setSeen] = useState(asked);
  if (seen !== asked) {
    setSeen(asked);
    if (words.trim() !== asked) setWords(asked);
  }
  const search = useDebouncedCallback(
    (value: string) =>
      onChange((now) =>
        withQuick(now, { field: object.title, op: 'contains', value: value.trim() }),
      ),
    PAUSE_MS,
  );
  const title = text(fieldOf(object, object.title)?.label ?? object.label);
  return (
    <TextInput
      type="search"
      aria-label={t('filter.by', { field: title })}
      placeholder={title}
      w={200}
      value={words}
      onChange={({ currentTarget: { value } }) => {
        setWords(value);
        search(value);
      }}
    />
  );
}
