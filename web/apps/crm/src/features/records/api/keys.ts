/** The cache's keys of records, in one place, so that a change reaches all it concerns. */
export const recordKeys = {
  lists: (path: string) => ['records', path, 'list'] as const,
  list: (path: string, sort: string, filter: string | undefined) =>
    ['records', path, 'list', sort, filter] as const,
  /** Below the lists', so that a change of a record reaches it too. */
  related: (path: string, filter: string) => ['records', path, 'list', 'related', filter] as const,
  timeline: (path: string, id: string) => ['records', path, 'timeline', id] as const,
  one: (path: string, id: string) => ['records', path, 'one', id] as const,
  allNames: (path: string) => ['records', path, 'names'] as const,
  names: (path: string, filter: string) => ['records', path, 'names', filter] as const,
};

export function isTimeline(key: readonly unknown[]): boolean {
  return key[0] === 'records' && key[2] === 'timeline';
}
