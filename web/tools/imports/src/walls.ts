/** Which imports go through a wall, each as a line with its place. Pure. */
import { type Import, importsOf, type Source } from './imports';

/** What a package may import of this workspace, itself aside. */
const ALLOWED: Record<string, readonly string[]> = {
  'packages/ui': [],
  'packages/problem': [],
  'packages/app-kit': ['packages/problem', 'packages/ui'],
};

type Rule = (one: Import) => string | undefined;

const RULES: Rule[] = [staysInPackage, usesAlias, leavesRoutesAlone];

export function breaches(sources: readonly Source[]): string[] {
  const imports = sources.flatMap(importsOf);
  const single = imports.flatMap((one) =>
    RULES.map((rule) => rule(one))
      .filter((what) => what !== undefined)
      .map((what) => line(one, what)),
  );
  return [...single, ...circles(imports)];
}

function line({ file, line: number, written }: Import, what: string): string {
  return `${file}:${number}: '${written}': ${what}`;
}

function staysInPackage({ file, target }: Import): string | undefined {
  const own = firstParts(file, 2);
  const allowed = ALLOWED[own];
  if (allowed === undefined || target === undefined) return undefined;
  const of = firstParts(target, 2);
  return of === own || allowed.includes(of) ? undefined : `${own} must not know ${of}`;
}

function usesAlias({ file, written }: Import): string | undefined {
  const inApp = /^apps\/[^/]+\/src\//.test(file);
  return inApp && written.startsWith('../../') ? 'begins with @/ instead' : undefined;
}

function leavesRoutesAlone({ file, target }: Import): string | undefined {
  if (featureOf(file) === undefined || target === undefined) return undefined;
  const isRoute = /^apps\/[^/]+\/src\/(routes\/|routeTree\.gen)/.test(target);
  return isRoute ? 'features must not know routes' : undefined;
}

/** The folder below `features/`: `apps/crm/src/features/auth`. */
function featureOf(path: string): string | undefined {
  return /^apps\/[^/]+\/src\/features\/[^/]+(?=\/)/.exec(path)?.[0];
}

/** Every import that is a step of a circle of features. */
function circles(imports: readonly Import[]): string[] {
  const steps = imports.flatMap((one) => {
    const [from, to] = [featureOf(one.file), featureOf(one.target ?? '')];
    return from === undefined || to === undefined || from === to ? [] : [{ one, from, to }];
  });
  const next = new Map<string, Set<string>>();
  for (const { from, to } of steps) next.set(from, (next.get(from) ?? new Set()).add(to));
  return steps.flatMap(({ one, from, to }) => {
    const back = way(next, to, from);
    if (back === undefined) return [];
    const names = [from, ...back].map((feature) => feature.split('/').at(-1));
    return [line(one, `features in a circle: ${names.join(' → ')}`)];
  });
}

/** The shortest way from one feature to another, both included. */
function way(
  next: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): string[] | undefined {
  const seen = new Set([from]);
  const open = [[from]];
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const last = path.at(-1) ?? from;
    if (last === to) return path;
    for (const feature of next.get(last) ?? []) {
      if (seen.has(feature)) continue;
      seen.add(feature);
      open.push([...path, feature]);
    }
  }
  return undefined;
}

function firstParts(path: string, count: number): string {
  return path.split('/').slice(0, count).join('/');
}
