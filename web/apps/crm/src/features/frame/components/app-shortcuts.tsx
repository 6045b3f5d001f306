/** The keys that work on every page, and the help that lists all of them. */

import {
  lettersOf,
  type Shortcut,
  useShortcut,
  useShortcutListener,
  useShortcuts,
} from '@abetworks/app-kit';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { may, type ObjectDescription } from '@/features/records/description';

const ShortcutsHelp = lazy(async () => ({
  default: (await import('./shortcuts-help')).ShortcutsHelp,
}));

/** Of the pages that are no lists. */
const HOME = 'h';
const SETTINGS = 's';

interface AppShortcutsProps {
  /** All that have a list, so that letters do not depend on rights. */
  objects: ObjectDescription[];
}

export function AppShortcuts({ objects }: AppShortcutsProps) {
  const navigate = useNavigate();
  const [opened, { open, close }] = useDisclosure(false);
  useShortcutListener();
  useShortcut('?', 'help', open);
  useShortcut(`g ${HOME}`, 'goHome', () => void navigate({ to: '/home' }));
  useShortcut(`g ${SETTINGS}`, 'goSettings', () => void navigate({ to: '/settings' }));
  const ways = useMemo(() => {
    const letters = lettersOf(
      objects.map(({ name }) => name),
      [HOME, SETTINGS],
    );
    return objects
      .filter((object) => may(object, 'read'))
      .flatMap(({ name, path }): Shortcut[] => {
        const letter = letters.get(name);
        if (letter === undefined) return [];
        const run = () => void navigate({ to: '/$path', params: { path } });
        return [{ keys: `g ${letter}`, name: `go:${name}`, run }];
      });
  }, [objects, navigate]);
  useShortcuts(ways);
  if (!opened) return null;
  return (
    <Suspense>
      <ShortcutsHelp objects={objects} onClose={close} />
    </Suspense>
  );
}
