/** The names behind the references of the rows at hand: asked for once a page of rows. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useClient } from '@/app/context';
import { namesOfQuery } from '../api/names';
import { pipelinesQuery, tagsQuery, teamsQuery, usersQuery } from '../api/objects';
import type {
  CrmRecord,
  FieldDescription,
  ObjectDescription,
  Participant,
  RecordLink,
} from '../description';
import { useObjects } from '../use-objects';
import type { Named, NameOf } from './field-cell-props';

interface Reference {
  target: ObjectDescription;
  ids: string[];
}

function idsOf({ name, type }: FieldDescription, row: CrmRecord): string[] {
  const value = row[name];
  if (type === 'relation') return typeof value === 'string' ? [value] : [];
  if (type !== 'participants' || !Array.isArray(value)) return [];
  return (value as Participant[]).map(({ contact_id }) => contact_id);
}

/** What one page of rows refers to in one field. */
function referenceOf(
  field: FieldDescription,
  rows: CrmRecord[],
  objects: ObjectDescription[],
): Reference[] {
  if (field.type === 'links') return linkedOf(field, rows, objects);
  const target = objects.find(({ name }) => name === field.target);
  if (target === undefined) return [];
  const ids = rows.flatMap((row) => idsOf(field, row));
  return ids.length === 0 ? [] : [{ target, ids: [...new Set(ids)].sort() }];
}

/** Links lead to records of any object. */
function linkedOf(
  field: FieldDescription,
  rows: CrmRecord[],
  objects: ObjectDescription[],
): Reference[] {
  const links = rows.flatMap((row) => (row[field.name] as RecordLink[] | null | undefined) ?? []);
  return objects.flatMap((target) => {
    const ids = links.filter(({ object }) => object === target.name).map(({ id }) => id);
    return ids.length === 0 ? [] : [{ target, ids: [...new Set(ids)].sort() }];
  });
}

/** `fields`: those whose names are wanted. */
export function useNames(fields: FieldDescription[], pages: CrmRecord[][] | undefined): NameOf {
  const client = useClient();
  const objects = useObjects();
  const references = useMemo(() => {
    return (pages ?? []).flatMap((rows) =>
      fields.flatMap((field) => referenceOf(field, rows, objects)),
    );
  }, [fields, objects, pages]);
  const related = useQueries({
    queries: references.map(({ target, ids }) => namesOfQuery(client, target, ids)),
    combine: (answers) => answers.flatMap(({ data }) => data ?? []),
  });
  const users = useQuery({
    ...usersQuery(client),
    enabled: fields.some(({ type }) => type === 'user'),
  }).data;
  const pipelines = useQuery({
    ...pipelinesQuery(client),
    enabled: fields.some(({ type }) => type === 'choice'),
  }).data;
  const teams = useQuery({
    ...teamsQuery(client),
    enabled: fields.some(({ type }) => type === 'team'),
  }).data;
  const tags = useQuery({
    ...tagsQuery(client),
    enabled: fields.some(({ type }) => type === 'tags'),
  }).data;
  return useMemo(() => {
    const stages = pipelines?.flatMap((pipeline) => [pipeline, ...pipeline.stages]) ?? [];
    const all = [...related, ...(users ?? []), ...(teams ?? []), ...(tags ?? []), ...stages];
    const names = new Map<string, Named>(all.map((named) => [named.id, named]));
    return (_field, id) => names.get(id);
  }, [related, users, teams, tags, pipelines]);
}
