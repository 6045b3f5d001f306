/** The cache's keys of accounts, in one place, so that a change reaches all it concerns. */
export const accountKeys = {
  all: ['accounts'] as const,
  lists: ['accounts', 'list'] as const,
  list: (sort: string) => ['accounts', 'list', sort] as const,
  one: (id: string) => ['accounts', 'one', id] as const,
};
