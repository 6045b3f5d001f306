/** A form's state, and the server's refusals put where they belong. */
import { errorsByField, ProblemError } from '@abetworks/problem';
import { useFieldWording } from '@abetworks/problem/wording';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useRefusalWording } from './refusal';

/** `fields`: the names of its inputs, in their order. */
export function useServerForm<Values extends Record<string, unknown>>(
  initialValues: Values,
  fields: readonly string[],
) {
  const form = useForm<Values>({ initialValues });
  const [refusal, setRefusal] = useState<string>();
  const wordField = useFieldWording();
  const word = useRefusalWording();

  const clear = () => {
    setRefusal(undefined);
    form.clearErrors();
  };
  const refuse = (error: unknown) => {
    const errors = error instanceof ProblemError ? error.errors : [];
    const { byField, others } = errorsByField(errors, fields);
    const worded = Object.fromEntries(
      Object.entries(byField).map(([name, field]) => [name, wordField(field)]),
    );
    const conflict = error instanceof ProblemError ? error.field : undefined;
    if (conflict !== undefined && fields.includes(conflict)) worded[conflict] = word(error);
    const first = fields.find((name) => worded[name] !== undefined);
    form.setErrors(worded);
    if (first !== undefined) form.getInputNode(first)?.focus();
    // Refusals at their inputs speak for themselves; any other is said above the form.
    if (first === undefined || others.length > 0) setRefusal(word(error));
  };
  return { form, refusal, clear, refuse };
}
