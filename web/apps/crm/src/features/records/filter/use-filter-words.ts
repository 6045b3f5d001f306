/** A filter in a sentence, as its builder would show it. */
import { formatDay } from '@abetworks/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '../components/use-names';
import { type CrmRecord, fieldOf, type ObjectDescription } from '../description';
import { useObjects, useText } from '../use-objects';
import { type Condition, type Group, type Part, type Relative, toGroup } from './conditions';
import type { ListFilter } from './filter';
import { takesValue } from './operators';
import { fieldGroups, withReach } from './reach';

const DAYS = ['date', 'date_time'];

function conditionsIn(part: Part): Condition[] {
  if (part.kind === 'other') return [];
  return part.kind === 'condition' ? [part] : part.parts.flatMap(conditionsIn);
}

/** Names are asked for as those of records are that refer to what the filter asks for. */
function asRow({ field, value }: Condition): CrmRecord {
  return { id: field, version: 0, [field]: value };
}

export function useFilterWords(object: ObjectDescription, filter: ListFilter | undefined) {
  const { t, i18n } = useTranslation('crm');
  const text = useText();
  const objects = useObjects();
  const reach = useMemo(() => withReach(object, fieldGroups(object, objects)), [object, objects]);
  const group = useMemo(() => toGroup(reach, filter), [reach, filter]);
  const conditions = useMemo(() => conditionsIn(group), [group]);
  const fields = useMemo(
    () => conditions.flatMap(({ field }) => fieldOf(reach, field) ?? []),
    [conditions, reach],
  );
  const pages = useMemo(() => [conditions.map(asRow)], [conditions]);
  const nameOf = useNames(fields, pages);

  const relative = ({ relative: when, count, unit }: Relative) => {
    const many = when === 'this' ? '' : `${count} `;
    return `${t(`filter.whens.${when}`)} ${many}${t(`filter.units.${unit}`, { count })}`;
  };
  const wordsOfValue = (condition: Condition): string => {
    const field = fieldOf(reach, condition.field);
    if (field === undefined) return '';
    if (condition.op === 'relative') return relative(condition.value as Relative);
    const values = Array.isArray(condition.value) ? condition.value : [condition.value];
    const one = (value: unknown) => {
      const option = field.options.find(({ key }) => key === value);
      if (option !== undefined) return text(option.label);
      if (typeof value === 'boolean') return t(value ? 'records.yes' : 'records.no');
      if (DAYS.includes(field.type)) return formatDay(String(value), i18n.language);
      return nameOf(field, String(value))?.name ?? String(value);
    };
    return values.map(one).join(', ');
  };
  const ofCondition = (condition: Condition): string => {
    const field = fieldOf(reach, condition.field);
    if (field === undefined) return '';
    const { op } = condition;
    const isDay = DAYS.includes(field.type) && (op === 'lt' || op === 'gte');
    const comparison = isDay ? t(`filter.days.${op}`) : t(`filter.operators.${op}`);
    const value = takesValue(op) ? ` ${wordsOfValue(condition)}` : '';
    return `${text(field.label)} ${comparison}${value}`;
  };
  const ofGroup = ({ join, parts }: Group): string =>
    parts
      .map((part) => {
        if (part.kind === 'other') return t('filter.otherWords');
        if (part.kind === 'condition') return ofCondition(part);
        return `(${ofGroup(part)})`;
      })
      .join(` ${t(`filter.joins.${join}`)} `);
  return filter === undefined ? undefined : ofGroup(group);
}
