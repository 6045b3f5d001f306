/** The fields that admins make. Each change is in forms, lists and filters from the next look on. */
import type { CrmClient } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useClient } from '@/app/context';
import { ifMatch, MERGE_PATCH } from '@/app/entity-tag';
import { objectsQuery } from '@/features/records/api/objects';
import type { CustomField, FieldCreate, FieldPatch, Placed } from '../custom-field';

const key = ['fields'] as const;

/** Archived ones too. */
export function fieldsQuery(client: CrmClient, object: string) {
  return queryOptions({
    queryKey: [...key, object],
    queryFn: async ({ signal }) => {
      const query = { object };
      return (await unwrap(client.GET('/api/v1/fields', { params: { query }, signal }))).items;
    },
  });
}

/** What all pages know of the objects, read again: a field has come, changed or gone. */
function useTellPages() {
  const client = useClient();
  const queryClient = useQueryClient();
  const router = useRouter();
  return async () => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: key }),
      queryClient.fetchQuery({ ...objectsQuery(client), staleTime: 0 }),
    ]);
    await router.invalidate();
  };
}

function patchField(client: CrmClient, base: CustomField, body: FieldPatch) {
  return unwrap(
    client.PATCH('/api/v1/fields/{id}', {
      params: { path: { id: base.id }, header: ifMatch(base) },
      headers: MERGE_PATCH,
      body,
    }),
  );
}

export function useCreateField() {
  const client = useClient();
  const tell = useTellPages();
  return useMutation({
    mutationFn: (body: FieldCreate) => unwrap(client.POST('/api/v1/fields', { body })),
    onSettled: tell,
  });
}

interface Change {
  base: CustomField;
  patch: FieldPatch;
}

export function useUpdateField() {
  const client = useClient();
  const tell = useTellPages();
  return useMutation({
    mutationFn: ({ base, patch }: Change) => patchField(client, base, patch),
    // After a refusal, too: what is shown may be out of date.
    onSettled: tell,
  });
}

/** One after the other: a field's place is a change of that field alone. */
export function usePlaceFields() {
  const client = useClient();
  const tell = useTellPages();
  return useMutation({
    mutationFn: async (places: Placed[]) => {
      for (const { field, position } of places) await patchField(client, field, { position });
    },
    onSettled: tell,
  });
}
