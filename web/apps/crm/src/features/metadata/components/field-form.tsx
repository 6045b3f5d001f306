/** A field that is made or changed. What is chosen once, its type and name, is told afterwards. */

import { useServerForm } from '@abetworks/app-kit';
import { ProblemError } from '@abetworks/problem';
import {
  Alert,
  Autocomplete,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FieldInput } from '@/features/records/components/field-input';
import { type ObjectDescription, textIn } from '@/features/records/description';
import { useObjects, useText } from '@/features/records/use-objects';
import { useCreateField, useUpdateField } from '../api/fields';
import {
  blankDefault,
  type CustomField,
  canBeIndexed,
  canBeUnique,
  describedBy,
  type FieldValues,
  hasDefault,
  hasOptions,
  MOST_OPTIONS,
  proposedSlug,
  TYPES,
  toFieldCreate,
  toFieldPatch,
  valuesOfField,
} from '../custom-field';
import { FieldOptions } from './field-options';
import { FieldRightsChoice } from './field-rights-choice';

/** In the order of the form: the first that is refused gets the focus. */
const INPUTS = [
  'label.en',
  'label.de',
  'slug',
  'target',
  'scale',
  'options',
  ...Array.from({ length: MOST_OPTIONS }, (_, index) => [
    `options.${index}.label.en`,
    `options.${index}.label.de`,
  ]).flat(),
  'help.en',
  'help.de',
  'section',
  'required',
  'unique',
  'indexed',
  'default',
];

interface FieldFormProps {
  object: ObjectDescription;
  /** `undefined`: a new one. */
  field: CustomField | undefined;
  onSaved: () => void;
}

export function FieldForm({ object, field, onSaved }: FieldFormProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const create = useCreateField();
  const update = useUpdateField();
  /** What a change is based on; a new field is there before its indexes are asked for. */
  const [base, setBase] = useState(field);
  const [limit, setLimit] = useState<string>();
  const { form, refusal, clear, refuse } = useServerForm(valuesOfField(field), INPUTS);
  const values = form.getValues();
  const done = (saved: CustomField) => {
    notifications.show({
      color: 'green',
      message: t('records.saved', { name: text(saved.label) }),
    });
    onSaved();
  };
  const fail = (error: unknown) => {
    // Not the plan's: those of one object's table.
    if (error instanceof ProblemError && error.code === 'limit-reached') {
      setLimit(t('settings.fields.limit', limitOf(error)));
    } else refuse(error);
  };
  const change = (before: CustomField, wanted: FieldValues) =>
    update.mutate(
      { base: before, patch: toFieldPatch(wanted) },
      { onSuccess: done, onError: fail },
    );
  const submit = form.onSubmit((wanted) => {
    clear();
    setLimit(undefined);
    if (base !== undefined) return change(base, wanted);
    create.mutate(toFieldCreate(object.name, wanted), {
      onSuccess: (made) => {
        setBase(made);
        const { unique, indexed } = toFieldPatch(wanted);
        if (unique || indexed) change(made, wanted);
        else done(made);
      },
      onError: fail,
    });
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        {limit === undefined ? null : <Alert color="red">{limit}</Alert>}
        <Words form={form} />
        <Kind form={form} base={base} />
        {hasOptions(values.type) ? <FieldOptions form={form} /> : null}
        <Placing form={form} object={object} />
        <Rules form={form} />
        {base === undefined ? (
          <FieldRightsChoice
            rights={values.rights}
            onChange={(rights) => form.setFieldValue('rights', rights)}
          />
        ) : (
          <Text size="sm" c="dimmed">
            {t('settings.fields.rightsLater')}
          </Text>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending || update.isPending}>
            {t('actions.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function limitOf({ problem }: ProblemError): { limit: string; used: string } {
  const { limit, used } = problem as { limit?: number; used?: number };
  return { limit: String(limit ?? ''), used: String(used ?? '') };
}

/** It comes later than its dialog, which has given the focus already. */
const FOCUS = { autoFocus: true };

interface PartProps {
  form: UseFormReturnType<FieldValues>;
}

function Words({ form }: PartProps) {
  const { t } = useTranslation('crm');
  const { label } = form.getValues();
  return (
    <Group grow align="flex-start">
      <TextInput
        label={t('settings.fields.labelEn')}
        {...FOCUS}
        placeholder={label.de}
        {...form.getInputProps('label.en')}
      />
      <TextInput
        label={t('settings.fields.labelDe')}
        placeholder={label.en}
        {...form.getInputProps('label.de')}
      />
    </Group>
  );
}

/** What is chosen once. */
function Kind({ form, base }: PartProps & { base: CustomField | undefined }) {
  const { t } = useTranslation('crm');
  const text = useText();
  const objects = useObjects().filter(({ name }) => name !== 'note');
  const { type, label, slug } = form.getValues();
  const proposed = proposedSlug({ label });
  if (base !== undefined) {
    return (
      <Text size="sm" c="dimmed">
        {t('settings.fields.once', { type: t(`settings.fields.types.${type}`), name: base.name })}
      </Text>
    );
  }
  return (
    <>
      <NativeSelect
        label={t('settings.fields.type')}
        data={TYPES.map((one) => ({ value: one, label: t(`settings.fields.types.${one}`) }))}
        value={type}
        onChange={({ currentTarget }) => {
          const chosen = TYPES.find((one) => one === currentTarget.value) ?? 'text';
          form.setValues({ type: chosen, default: blankDefault(chosen) });
        }}
      />
      <TextInput
        label={t('settings.fields.slug')}
        description={t('settings.fields.slugHint', { name: `c_${slug || proposed}` })}
        placeholder={proposed}
        {...form.getInputProps('slug')}
      />
      {type === 'relation' ? (
        <NativeSelect
          label={t('settings.fields.target')}
          data={objects.map((object) => ({ value: object.name, label: text(object.plural) }))}
          {...form.getInputProps('target')}
        />
      ) : null}
      {type === 'decimal' ? (
        <NativeSelect
          label={t('settings.fields.scale')}
          data={['0', '1', '2', '3', '4']}
          {...form.getInputProps('scale')}
        />
      ) : null}
    </>
  );
}

function Placing({ form, object }: PartProps & { object: ObjectDescription }) {
  const { t, i18n } = useTranslation('crm');
  const present = [...new Set(object.fields.map(({ section }) => section))];
  const { help } = form.getValues();
  return (
    <>
      <Group grow align="flex-start">
        <Textarea
          label={t('settings.fields.helpEn')}
          autosize
          placeholder={textIn(help, i18n.language)}
          {...form.getInputProps('help.en')}
        />
        <Textarea
          label={t('settings.fields.helpDe')}
          autosize
          placeholder={textIn(help, i18n.language)}
          {...form.getInputProps('help.de')}
        />
      </Group>
      <Autocomplete
        label={t('settings.fields.section')}
        description={t('settings.fields.sectionHint')}
        data={present.filter((section) => section !== 'system')}
        {...form.getInputProps('section')}
      />
    </>
  );
}

function Rules({ form }: PartProps) {
  const { t } = useTranslation('crm');
  const values = form.getValues();
  const { type } = values;
  const box = { type: 'checkbox' } as const;
  const label = t('settings.fields.default');
  return (
    <>
      {hasDefault(values) ? (
        <FieldInput
          // Inputs of different types do not become each other.
          key={type}
          field={describedBy(values, { en: label, de: label })}
          readOnly={false}
          input={form.getInputProps('default')}
        />
      ) : null}
      <Checkbox
        label={t('settings.fields.required')}
        description={t('settings.fields.requiredHint')}
        {...form.getInputProps('required', box)}
      />
      {canBeUnique(type) ? (
        <Checkbox
          label={t('settings.fields.unique')}
          description={t('settings.fields.uniqueHint')}
          {...form.getInputProps('unique', box)}
        />
      ) : null}
      {canBeIndexed(type) ? (
        <Checkbox
          label={t('settings.fields.indexed')}
          description={t('settings.fields.indexedHint')}
          {...form.getInputProps('indexed', box)}
        />
      ) : null}
    </>
  );
}
