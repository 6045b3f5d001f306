/** The form's state, and the server's refusals put where they belong. */
import { ProblemError } from '@abetworks/api-crm';
import { errorsByField, useFieldWording, useProblemWording } from '@abetworks/ui';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { ObjectDescription } from '../description';
import { formFields, type RecordValues } from '../record-values';

export function useRecordForm(object: ObjectDescription, initialValues: RecordValues) {
  const form = useForm<RecordValues>({ initialValues });
  const [refusal, setRefusal] = useState<string>();
  const wordField = useFieldWording();
  const wordProblem = useProblemWording();
  const fields = formFields(object).map(({ name }) => name);

  const clear = () => {
    setRefusal(undefined);
    form.clearErrors();
  };
  const refuse = (error: unknown) => {
    const problem = error instanceof ProblemError ? error : undefined;
    const { byField, others } = errorsByField(problem?.errors ?? [], fields);
    const first = fields.find((name) => byField[name] !== undefined);
    form.setErrors(
      Object.fromEntries(Object.entries(byField).map(([name, field]) => [name, wordField(field)])),
    );
    if (first !== undefined) form.getInputNode(first)?.focus();
    // Refusals at their inputs speak for themselves; any other is said above the form.
    if (first === undefined || others.length > 0) {
      setRefusal(wordProblem(problem?.code ?? 'internal'));
    }
  };
  return { form, refusal, clear, refuse };
}
