/** Which keys do what: those that the page registered, and those of controls. */

import { Dialog, type Shortcut, useRegisteredShortcuts } from '@abetworks/app-kit';
import { Group, Kbd, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ObjectDescription } from '@/features/records/description';
import { useText } from '@/features/records/use-objects';

interface ShortcutsHelpProps {
  objects: ObjectDescription[];
  onClose: () => void;
}

/** What controls do themselves; a list's cells, for one, only where one stands in a list. */
const OF_CONTROLS = [
  ['Ctrl K', 'palette'],
  ['Enter', 'open'],
  ['← ↑ ↓ →', 'cells'],
  ['F2', 'editCell'],
  ['Esc', 'leave'],
  ['Shift Enter', 'addSort'],
  ['Alt ↑ ↓', 'moveColumn'],
] as const;

export function ShortcutsHelp({ objects, onClose }: ShortcutsHelpProps) {
  const { t } = useTranslation('crm');
  const shortcuts = useRegisteredShortcuts();
  const ways = shortcuts.filter(({ name }) => name.startsWith('go'));
  const others = shortcuts.filter((shortcut) => !ways.includes(shortcut));
  return (
    <Dialog opened onClose={onClose} title={t('shortcuts.title')} size="lg">
      <Stack gap="lg">
        <Part title={t('shortcuts.here')} shortcuts={others} objects={objects} />
        <Part title={t('shortcuts.ways')} shortcuts={ways} objects={objects} />
        <section>
          <Title order={3} fz="sm" mb="xs">
            {t('shortcuts.controls')}
          </Title>
          <Stack gap={6}>
            {OF_CONTROLS.map(([keys, name]) => (
              <Line key={keys} keys={keys} what={t(`shortcuts.names.${name}`)} />
            ))}
          </Stack>
        </section>
        <Text size="sm" c="dimmed">
          {t('shortcuts.typing')}
        </Text>
      </Stack>
    </Dialog>
  );
}

interface PartProps {
  title: string;
  shortcuts: Shortcut[];
  objects: ObjectDescription[];
}

function Part({ title, shortcuts, objects }: PartProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const wordsOf = ({ name }: Shortcut) => {
    const object = objects.find((candidate) => `go:${candidate.name}` === name);
    if (object !== undefined) return text(object.plural);
    return t(`shortcuts.names.${name as 'help'}`);
  };
  return (
    <section>
      <Title order={3} fz="sm" mb="xs">
        {title}
      </Title>
      <Stack gap={6}>
        {shortcuts.map((shortcut) => (
          <Line key={shortcut.keys} keys={shortcut.keys} what={wordsOf(shortcut)} />
        ))}
      </Stack>
    </section>
  );
}

function Line({ keys, what }: { keys: string; what: string }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{what}</Text>
      <Group gap={4} wrap="nowrap">
        {keys.split(' ').map((key) => (
          <Kbd key={key} size="sm">
            {key}
          </Kbd>
        ))}
      </Group>
    </Group>
  );
}
