/** What the command palette offers in this app. */
import { CommandPalette, type Language, type PaletteAction } from '@abetworks/ui';
import {
  IconDownload,
  IconHome,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSettings,
  IconSun,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { may, type ObjectDescription } from '@/features/records/description';
import { ObjectIcon } from '@/features/records/object-icon';
import { useWordsOf } from '@/features/records/use-objects';

interface AppPaletteProps {
  /** Those that may be seen. */
  objects: ObjectDescription[];
  readOnly: boolean;
  onLanguage: (language: Language) => void;
  onScheme: (scheme: 'light' | 'dark') => void;
  onSignOut: () => void;
}

/** The pages of the settings that everyone has. */
const PATHS = {
  profile: '/settings/profile',
  security: '/settings/security',
  apiKeys: '/settings/api-keys',
  trash: '/settings/trash',
} as const;
const SETTINGS = ['profile', 'security', 'apiKeys', 'trash'] as const;

const icon = { size: 18, 'aria-hidden': true } as const;

export function AppPalette(props: AppPaletteProps) {
  const { objects, readOnly, onLanguage, onScheme, onSignOut } = props;
  const { t, i18n } = useTranslation(['crm', 'ui']);
  const navigate = useNavigate();
  const other: Language = i18n.language === 'de' ? 'en' : 'de';
  const wordsOf = useWordsOf();
  const toList = (object: ObjectDescription): PaletteAction => ({
    id: object.path,
    label: wordsOf(object).title,
    icon: <ObjectIcon name={object.name} size={18} />,
    run: () => void navigate({ to: '/$path', params: { path: object.path } }),
  });
  const toNew = (object: ObjectDescription): PaletteAction => ({
    id: `${object.path}-new`,
    label: wordsOf(object).bent('new'),
    icon: <IconPlus {...icon} />,
    run: () => void navigate({ to: '/$path/new', params: { path: object.path } }),
  });
  const toExport = (object: ObjectDescription): PaletteAction => ({
    id: `${object.path}-export`,
    label: t('exports.title', { many: wordsOf(object).many }),
    icon: <IconDownload {...icon} />,
    run: () => void navigate({ to: '/$path/export', params: { path: object.path } }),
  });
  const toSettings = (page: (typeof SETTINGS)[number]): PaletteAction => ({
    id: `settings-${page}`,
    label: t('palette.settings', { page: t(`settings.${page}.title`) }),
    icon: <IconSettings {...icon} />,
    run: () => void navigate({ to: PATHS[page] }),
  });
  const changing = readOnly ? [] : objects;
  const home: PaletteAction = {
    id: 'home',
    label: t('home.title'),
    icon: <IconHome {...icon} />,
    run: () => void navigate({ to: '/home' }),
  };
  const actions: PaletteAction[] = [
    home,
    ...objects.map(toList),
    ...changing.filter((object) => may(object, 'create')).map(toNew),
    ...changing.filter((object) => may(object, 'export')).map(toExport),
    ...SETTINGS.map(toSettings),
    {
      id: 'light',
      label: t('palette.light'),
      icon: <IconSun {...icon} />,
      run: () => onScheme('light'),
    },
    {
      id: 'dark',
      label: t('palette.dark'),
      icon: <IconMoon {...icon} />,
      run: () => onScheme('dark'),
    },
    {
      id: 'language',
      label: t('palette.language', { language: t(`ui:user.languages.${other}`) }),
      icon: <IconLanguage {...icon} />,
      run: () => onLanguage(other),
    },
    {
      id: 'sign-out',
      label: t('ui:user.signOut'),
      icon: <IconLogout {...icon} />,
      run: onSignOut,
    },
  ];
  return <CommandPalette actions={actions} />;
}
