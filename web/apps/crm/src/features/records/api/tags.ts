/** Making and changing tags; which there are is among what records refer to (`objects.ts`). */
import type { components } from '@abetworks/api-crm';
import { unwrap } from '@abetworks/problem';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '@/app/context';
import { ifMatch, MERGE_PATCH } from '@/app/entity-tag';
import { tagsQuery } from './objects';

type Schemas = components['schemas'];
export type Tag = Schemas['Tag'];
export type TagInput = Schemas['TagInput'];

export function useCreateTag() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: TagInput) => unwrap(client.POST('/api/v1/tags', { body })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: tagsQuery(client).queryKey }),
  });
}

export function useUpdateTag(base: Tag) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: TagInput) =>
      unwrap(
        client.PATCH('/api/v1/tags/{id}', {
          params: { path: { id: base.id }, header: ifMatch(base) },
          headers: MERGE_PATCH,
          body,
        }),
      ),
    // After a refusal, too: what is shown may be out of date.
    onSettled: () => queryClient.invalidateQueries({ queryKey: tagsQuery(client).queryKey }),
  });
}

/** Its tag is gone from all records then. */
export function useDeleteTag() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (tag: Tag) =>
      unwrap(
        client.DELETE('/api/v1/tags/{id}', {
          params: { path: { id: tag.id }, header: ifMatch(tag) },
        }),
      ),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: tagsQuery(client).queryKey }),
        queryClient.invalidateQueries({ queryKey: ['records'] }),
      ]),
  });
}
