import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Source } from './imports';
import { breaches } from './walls';

const CRM = 'apps/crm/src';

/** All of the apps' and the packages' code; a test runs in `web/`. */
function workspace(): Source[] {
  return ['apps', 'packages'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => /^(apps|packages)\/[^/]+\/src\/.*\.tsx?$/.test(path))
      .filter((path) => !path.endsWith('routeTree.gen.ts'))
      .map((path) => ({ path, text: readFileSync(path, 'utf8') })),
  );
}

test('no import goes through a wall', () => {
  const sources = workspace();
  expect(sources.length).toBeGreaterThan(200);
  expect(breaches(sources)).toEqual([]);
});

const file = (path: string, ...lines: string[]): Source => ({ path, text: lines.join('\n') });

describe('an import is refused', () => {
  test.each([
    ['packages/app-kit/src/form.ts', '@abetworks/api-crm', 'packages/api-crm'],
    ['packages/app-kit/src/form.ts', '../../../apps/crm/src/app/context', 'apps/crm'],
    ['packages/app-kit/src/form.ts', '@abetworks/crm', 'apps/crm'],
    ['packages/ui/src/grid/grid.ts', '@abetworks/app-kit', 'packages/app-kit'],
    ['packages/ui/src/grid/grid.ts', '@abetworks/problem/wording', 'packages/problem'],
    ['packages/problem/src/problem.ts', '@abetworks/api-crm', 'packages/api-crm'],
  ])('out of a package: %s, %s', (path, written, told) => {
    const found = breaches([file(path, '/** A file. */', `import type { A } from '${written}';`)]);
    const own = path.split('/').slice(0, 2).join('/');
    expect(found).toEqual([`${path}:2: '${written}': ${own} must not know ${told}`]);
  });

  test('up two folders of an app, however it is imported', () => {
    const path = `${CRM}/features/auth/components/sign-in.tsx`;
    const source = file(
      path,
      'import {',
      '  a,',
      "} from '../../../app/a';",
      "const b = lazy(() => import('../../b/b'));",
      "export * from '../../c/c';",
      "import '../../d.css';",
    );
    const lines = breaches([source]).map((found) => found.split(': ')[0]);
    expect(lines).toEqual([3, 4, 5, 6].map((line) => `${path}:${line}`));
  });

  test.each(['@/routes/sign-in', '../../routes/sign-in', '@/routeTree.gen'])(
    'from a feature into the routes: %s',
    (written) => {
      const path = `${CRM}/features/auth/place.ts`;
      const found = breaches([file(path, `import { Route } from '${written}';`)]);
      expect(found).toContain(`${path}:1: '${written}': features must not know routes`);
    },
  );

  test('in a circle of features, at each of its steps', () => {
    const sources = [
      file(`${CRM}/features/auth/a.ts`, "import { b } from '@/features/people/api/b';"),
      file(`${CRM}/features/people/api/b.ts`, '', "const c = import('@/features/records/c');"),
      file(`${CRM}/features/records/c.ts`, "import type { A } from '../auth/a';"),
      file(`${CRM}/features/home/d.ts`, "import { a } from '@/features/auth/a';"),
    ];
    expect(breaches(sources)).toEqual([
      `${CRM}/features/auth/a.ts:1: '@/features/people/api/b': features in a circle: auth → people → records → auth`,
      `${CRM}/features/people/api/b.ts:2: '@/features/records/c': features in a circle: people → records → auth → people`,
      `${CRM}/features/records/c.ts:1: '../auth/a': features in a circle: records → auth → people → records`,
    ]);
  });
});

test('an import inward, within a feature, or of another workspace is let through', () => {
  const sources = [
    file('packages/app-kit/src/form/a.ts', "import { A } from '@abetworks/ui';"),
    file('packages/app-kit/src/form/b.ts', "import { B } from '../index';"),
    file(`${CRM}/routes/sign-in.tsx`, "import { SignIn } from '@/features/auth/sign-in';"),
    file(`${CRM}/features/auth/sign-in.tsx`, "import { c } from './c';", "import 'react';"),
    file(`${CRM}/features/auth/c.ts`, "import { enter } from '../auth/sign-in';"),
    file(`${CRM}/features/auth/d.ts`, "import { useClient } from '@/app/context';"),
  ];
  expect(breaches(sources)).toEqual([]);
});
