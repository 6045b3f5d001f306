/** What will be in the file, before it is made: which records, how many, and what of them. */
import { formatCount } from '@abetworks/ui';
import { Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { countQuery } from '@/features/records/api/records';
import {
  type FieldDescription,
  fieldOf,
  type ObjectDescription,
  titleFields,
} from '@/features/records/description';
import type { ListFilter } from '@/features/records/filter/filter';
import { useFilterWords } from '@/features/records/filter/use-filter-words';
import { useObjectWords, useText } from '@/features/records/use-objects';

export interface ExportedList {
  filter: ListFilter | undefined;
  sort: string;
  /** Beside what names a record. */
  fields: FieldDescription[];
}

interface ExportContentProps {
  object: ObjectDescription;
  list: ExportedList;
  /** All fields, and not only the list's. */
  whole: boolean;
  onWhole: (whole: boolean) => void;
}

export function ExportContent({ object, list, whole, onWhole }: ExportContentProps) {
  const { t, i18n } = useTranslation('crm');
  const text = useText();
  const words = useObjectWords(object);
  const filter = useFilterWords(object, list.filter);
  const count = useQuery(countQuery(useClient(), object.path, list.filter)).data;
  const names = [...titleFields(object), ...list.fields.map(({ name }) => name)];
  const columns = [...new Set(names)].flatMap((name) => fieldOf(object, name) ?? []);
  return (
    <Stack gap="md">
      <div>
        <Text>{t('exports.text')}</Text>
        <Text fw={600} mt="xs" role="status">
          {count === undefined
            ? words.title
            : t('exports.records', {
                one: words.one,
                many: words.many,
                count: count.value,
                shown: `${formatCount(count.value, i18n.language)}${count.exact ? '' : '+'}`,
              })}
        </Text>
        <Text size="sm" c="dimmed">
          {filter === undefined
            ? t('exports.unfiltered', { many: words.many })
            : t('exports.filtered', { filter })}
        </Text>
      </div>
      <Radio.Group
        label={t('exports.columns')}
        value={whole ? 'all' : 'list'}
        onChange={(value) => onWhole(value === 'all')}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="list"
            label={t('exports.ofList')}
            description={columns.map(({ label }) => text(label)).join(', ')}
          />
          <Radio value="all" label={t('exports.all')} description={t('exports.allText')} />
        </Stack>
      </Radio.Group>
    </Stack>
  );
}
