/** What files import, and where it is: each as a path below `web/`. Pure. */
import { posix } from 'node:path';

export interface Source {
  /** Below `web/`: `apps/crm/src/main.tsx`. */
  path: string;
  text: string;
}

export interface Import {
  file: string;
  line: number;
  /** As it is written. */
  written: string;
  /** `apps/crm/src/app/context`, `packages/ui`; `undefined` for what is not of this workspace. */
  target: string | undefined;
}

/** Static and dynamic imports, and exports from elsewhere. */
const WRITTEN = /\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g;

export function importsOf({ path, text }: Source): Import[] {
  return [...text.matchAll(WRITTEN)].map((match) => {
    const written = match[2] ?? '';
    const line = text.slice(0, match.index + match[0].length).split('\n').length;
    return { file: path, line, written, target: targetOf(path, written) };
  });
}

function targetOf(file: string, written: string): string | undefined {
  if (written.startsWith('.')) return posix.join(posix.dirname(file), written);
  if (written.startsWith('@/')) return `${sourceOf(file)}/${written.slice('@/'.length)}`;
  const [, name] = /^@abetworks\/([^/]+)/.exec(written) ?? [];
  if (name === undefined) return undefined;
  return name === 'crm' || name === 'console' ? `apps/${name}` : `packages/${name}`;
}

/** The app's own `src`, which `@/` stands for. */
function sourceOf(file: string): string {
  return file.split('/').slice(0, 3).join('/');
}
