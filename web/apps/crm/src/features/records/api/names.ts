/** The names of records that others refer to: of a page's ids at once, or of what a search finds. */
import type { CrmClient } from '@abetworks/api-crm';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type ObjectDescription, titleFields, titleOf } from '../description';
import { recordKeys } from './keys';
import { readPage } from './records';

const MOST = 200;
const FOUND = 20;

export interface RecordName {
  id: string;
  name: string;
}

function namesQuery(client: CrmClient, object: ObjectDescription, filter: string, limit: number) {
  return queryOptions({
    queryKey: recordKeys.names(object.path, filter),
    queryFn: async ({ signal }): Promise<RecordName[]> => {
      const query = { limit, filter, fields: ['id', ...titleFields(object)].join() };
      const { items } = await readPage(client, object.path, query, signal);
      return items.map((record) => ({ id: record.id, name: titleOf(object, record) }));
    },
  });
}

/** At most as many as a page of the API holds. */
export function namesOfQuery(client: CrmClient, object: ObjectDescription, ids: string[]) {
  const filter = { v: 1, where: { field: 'id', op: 'in', value: ids } };
  return {
    ...namesQuery(client, object, JSON.stringify(filter), MOST),
    staleTime: 60_000,
    enabled: ids.length > 0,
  };
}

export function nameSearchQuery(client: CrmClient, object: ObjectDescription, words: string) {
  const anywhere = (value: string) => ({
    or: titleFields(object).map((field) => ({ field, op: 'contains', value })),
  });
  // A name may have several parts: each word stands in one of them.
  const where = { and: words.split(/\s+/).filter(Boolean).map(anywhere) };
  return {
    ...namesQuery(client, object, JSON.stringify({ v: 1, where }), FOUND),
    placeholderData: keepPreviousData,
  };
}
