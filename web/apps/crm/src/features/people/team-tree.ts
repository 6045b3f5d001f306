/** Teams as a tree, in the order in which it is read. Pure. */
import type { Team } from './api/teams';

export interface TeamLine {
  team: Team;
  depth: number;
}

/** Those below a team follow it. A team whose parent is not there stands at the top. */
export function treeOf(teams: readonly Team[]): TeamLine[] {
  const ids = new Set(teams.map(({ id }) => id));
  const isTop = ({ parent_id }: Team) => parent_id === null || !ids.has(parent_id);
  const below = (parent: Team, depth: number): TeamLine[] =>
    teams
      .filter(({ parent_id }) => parent_id === parent.id)
      .flatMap((team) => [{ team, depth }, ...below(team, depth + 1)]);
  return teams.filter(isTop).flatMap((team) => [{ team, depth: 0 }, ...below(team, 1)]);
}

/** Where a team may be put: anywhere but under itself. */
export function possibleParents(teams: readonly Team[], team: Team | undefined): Team[] {
  if (team === undefined) return [...teams];
  const own = new Set([team.id]);
  const isBelow = ({ parent_id }: Team) => parent_id !== null && own.has(parent_id);
  for (let found = true; found; ) {
    const more = teams.filter((one) => isBelow(one) && !own.has(one.id));
    for (const { id } of more) own.add(id);
    found = more.length > 0;
  }
  return teams.filter(({ id }) => !own.has(id));
}
