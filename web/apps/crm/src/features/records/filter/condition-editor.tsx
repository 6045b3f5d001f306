/** One condition: a field, a comparison of its type, and a value where that takes one. */
import {
  type ComboboxItem,
  type ComboboxItemGroup,
  NativeSelect,
  NumberInput,
  Group as Row,
} from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FieldInput } from '../components/field-input';
import { type FieldDescription, fieldOf, type ObjectDescription } from '../description';
import { useText } from '../use-objects';
import { blankValue, type Condition, newCondition, type Relative } from './conditions';
import { operatorsOf, takesValue, valueField } from './operators';
import type { FieldGroup } from './reach';

interface ConditionEditorProps {
  object: ObjectDescription;
  groups: readonly FieldGroup[];
  condition: Condition;
  onChange: (condition: Condition) => void;
}

export function ConditionEditor({ object, groups, condition, onChange }: ConditionEditorProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const field = fieldOf(object, condition.field);
  if (field === undefined) return null;
  const options = ({ fields }: FieldGroup) =>
    fields.map(({ name, label }) => ({ value: name, label: text(label) }));
  const { op, value } = condition;
  return (
    <Row gap="xs" align="flex-end" wrap="wrap">
      <NativeSelect
        size="sm"
        flex="1 1 140px"
        aria-label={t('filter.field')}
        value={condition.field}
        data={groups.flatMap<ComboboxItem | ComboboxItemGroup<ComboboxItem, string>>((known) =>
          known.way === undefined
            ? options(known)
            : [{ group: text(known.way.label), items: options(known) }],
        )}
        onChange={({ currentTarget }) => {
          const next = fieldOf(object, currentTarget.value);
          if (next !== undefined) onChange({ ...newCondition(next), key: condition.key });
        }}
      />
      <NativeSelect
        size="sm"
        flex="1 1 130px"
        aria-label={t('filter.operator')}
        value={op}
        data={operatorsOf(field).map((known) => ({
          value: known,
          label: t(
            isDay(field) && (known === 'lt' || known === 'gte')
              ? `filter.days.${known}`
              : `filter.operators.${known}`,
          ),
        }))}
        onChange={({ currentTarget }) => {
          const next = operatorsOf(field).find((known) => known === currentTarget.value) ?? op;
          const sameInput = valueField(field, next).type === valueField(field, op).type;
          const keeps = sameInput && next !== 'relative' && op !== 'relative' && takesValue(op);
          onChange({ ...condition, op: next, value: keeps ? value : blankValue(field, next) });
        }}
      />
      {op === 'relative' ? (
        <RelativeInput
          value={value as Relative}
          onChange={(next) => onChange({ ...condition, value: next })}
        />
      ) : takesValue(op) ? (
        <div style={{ flex: '2 1 180px' }}>
          <FieldInput
            key={`${field.name} ${valueField(field, op).type}`}
            field={{
              ...valueField(field, op),
              label: { en: t('filter.value'), de: t('filter.value') },
              help: null,
            }}
            readOnly={false}
            input={{
              value,
              onChange: (changed: unknown) => onChange({ ...condition, value: fromEvent(changed) }),
            }}
          />
        </div>
      ) : null}
    </Row>
  );
}

function isDay({ type }: FieldDescription): boolean {
  return type === 'date' || type === 'date_time';
}

/** Inputs of text tell an event, those of choices the value itself. */
function fromEvent(changed: unknown): Condition['value'] {
  const isEvent = typeof changed === 'object' && changed !== null && 'currentTarget' in changed;
  if (!isEvent) return changed as Condition['value'];
  const target = changed.currentTarget as HTMLInputElement;
  return target.type === 'checkbox' ? target.checked : target.value;
}

const WHEN = ['last', 'this', 'next'] as const;
const UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const;

interface RelativeInputProps {
  value: Relative;
  onChange: (value: Relative) => void;
}

function RelativeInput({ value, onChange }: RelativeInputProps) {
  const { t } = useTranslation('crm');
  return (
    <>
      <NativeSelect
        w={110}
        aria-label={t('filter.when')}
        value={value.relative}
        data={WHEN.map((one) => ({ value: one, label: t(`filter.whens.${one}`) }))}
        onChange={({ currentTarget }) => {
          const relative = WHEN.find((one) => one === currentTarget.value) ?? 'this';
          // `this` is always one.
          onChange({ ...value, relative, count: relative === 'this' ? 1 : value.count });
        }}
      />
      {value.relative === 'this' ? null : (
        <NumberInput
          w={70}
          hideControls
          aria-label={t('filter.count')}
          min={1}
          max={999}
          clampBehavior="strict"
          allowDecimal={false}
          value={value.count}
          onChange={(count) => onChange({ ...value, count: Number(count) || 1 })}
        />
      )}
      <NativeSelect
        w={120}
        aria-label={t('filter.unit')}
        value={value.unit}
        data={UNITS.map((one) => ({
          value: one,
          label: t(`filter.units.${one}`, { count: value.count }),
        }))}
        onChange={({ currentTarget }) =>
          onChange({ ...value, unit: UNITS.find((one) => one === currentTarget.value) ?? 'day' })
        }
      />
    </>
  );
}
