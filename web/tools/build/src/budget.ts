/**
 * Fails the build when what a visitor must download grows past its bound. Sizes are gzipped, since
 * that is the worst encoding the server sends; a kilobyte is 1,000 bytes.
 */
import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

export interface Budget {
  /** Script that the first page needs: the entry with everything it imports statically. */
  entryScript: number;
  /** Style of the same. */
  entryStyle: number;
  /** What any one lazily loaded part adds to it. */
  lazy: number;
}

type Bundle = Rolldown.OutputBundle;

/** The file names that `start` pulls in statically, itself included. */
export function staticClosure(bundle: Bundle, start: string): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const output = bundle[name];
    if (seen.has(name) || output?.type !== 'chunk') continue;
    seen.add(name);
    open.push(...output.imports);
  }
  return seen;
}

function gzipped(bundle: Bundle, name: string): number {
  const output = bundle[name];
  if (output === undefined) throw new Error(`no output is called ${name}`);
  return gzipSync(output.type === 'chunk' ? output.code : output.source, { level: 9 }).length;
}

function total(bundle: Bundle, names: Iterable<string>): number {
  return [...names].reduce((sum, name) => sum + gzipped(bundle, name), 0);
}

export interface Measured {
  what: string;
  bytes: number;
  limit: number;
}

/** Every bound with what was measured against it. */
export function measure(bundle: Bundle, limits: Budget): Measured[] {
  const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
  const entry = chunks.find((chunk) => chunk.isEntry);
  if (entry === undefined) throw new Error('the bundle has no entry');
  const first = staticClosure(bundle, entry.fileName);
  const styles = Object.keys(bundle).filter((name) => name.endsWith('.css'));
  const lazy = chunks
    .filter((chunk) => chunk.isDynamicEntry)
    .map((chunk) => {
      const added = [...staticClosure(bundle, chunk.fileName)].filter((name) => !first.has(name));
      return { what: chunk.fileName, bytes: total(bundle, added), limit: limits.lazy };
    });
  return [
    { what: 'entry script', bytes: total(bundle, first), limit: limits.entryScript },
    // All styles count, the lazy ones too: there are few, and the bound is then never too kind.
    { what: 'style', bytes: total(bundle, styles), limit: limits.entryStyle },
    ...lazy,
  ];
}

export function budget(limits: Budget): Plugin {
  return {
    name: 'abetworks:budget',
    apply: 'build',
    writeBundle(_options, bundle) {
      const measured = measure(bundle, limits);
      const largest = measured.slice(2).sort((one, other) => other.bytes - one.bytes)[0];
      const shown = measured.slice(0, 2).concat(largest ?? []);
      for (const { what, bytes, limit } of shown) {
        this.info(`${what}: ${(bytes / 1000).toFixed(1)} of ${limit / 1000} kB gzipped`);
      }
      const over = measured.filter(({ bytes, limit }) => bytes > limit);
      if (over.length > 0) {
        const lines = over.map(({ what, bytes, limit }) => `${what}: ${bytes} > ${limit} bytes`);
        this.error(`too large, gzipped:\n${lines.join('\n')}`);
      }
    },
  };
}
