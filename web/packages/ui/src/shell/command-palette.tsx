/** Every page and action by typing a part of its name (Ctrl+K). */
import { Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface PaletteAction {
  id: string;
  label: string;
  icon: ReactNode;
  run: () => void;
}

export function CommandPalette({ actions }: { actions: PaletteAction[] }) {
  const { t } = useTranslation('ui');
  return (
    <Spotlight
      // The shell listens: a key that is pressed before this is loaded opens it when it is.
      shortcut={null}
      actions={actions.map(({ id, label, icon, run }) => ({
        id,
        label,
        leftSection: icon,
        onClick: run,
      }))}
      nothingFound={t('palette.nothing')}
      highlightQuery
      scrollable
      maxHeight={420}
      // Arrow keys move through the actions, which hold no focus themselves: a list that is longer
      // than its window must hold it, or keyboards without arrows never see its end.
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      radius="lg"
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: t('palette.open'),
        'aria-label': t('palette.label'),
      }}
    />
  );
}
