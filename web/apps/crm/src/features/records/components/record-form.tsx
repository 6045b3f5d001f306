/** The inputs of a record, by section. Rules are the server's: its refusals are shown at the inputs. */
import { Button, Fieldset, Group, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectDescription } from '../description';
import { formFields, type RecordValues } from '../record-values';
import { MAIN_SECTION, sections, useSectionName } from '../sections';
import { FieldInput } from './field-input';

interface RecordFormProps {
  object: ObjectDescription;
  form: UseFormReturnType<RecordValues>;
  pending: boolean;
  readOnly?: boolean;
  /** Above the inputs: what concerns the whole form. */
  notice?: ReactNode;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  onCancel: () => void;
}

export function RecordForm(props: RecordFormProps) {
  const { object, form, pending, readOnly = false, notice, onSubmit, onCancel } = props;
  const { t } = useTranslation('crm');
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        {notice}
        {sections(formFields(object)).map(([section, fields]) => (
          <Section key={section} name={section}>
            {fields.map((field) => (
              <FieldInput
                key={field.name}
                field={field}
                readOnly={readOnly}
                autoFocus={field.name === object.title}
                input={form.getInputProps(field.name)}
              />
            ))}
          </Section>
        ))}
        <Group justify="flex-end" gap="xs" mt="sm">
          <Button variant="default" onClick={onCancel}>
            {t('actions.cancel')}
          </Button>
          {readOnly ? null : (
            <Button type="submit" loading={pending}>
              {t('actions.save')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function Section({ name, children }: { name: string; children: ReactNode }) {
  const heading = useSectionName();
  if (name === MAIN_SECTION) return <Stack gap="md">{children}</Stack>;
  return (
    <Fieldset legend={heading(name)} radius="md">
      <Stack gap="md">{children}</Stack>
    </Fieldset>
  );
}
