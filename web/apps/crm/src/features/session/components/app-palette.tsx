/** What the command palette offers in this app. */
import { CommandPalette, type Language, type PaletteAction } from '@abetworks/ui';
import { useMantineColorScheme } from '@mantine/core';
import {
  IconBuilding,
  IconBuildingPlus,
  IconDownload,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

interface AppPaletteProps {
  readOnly: boolean;
  onLanguage: (language: Language) => void;
  onSignOut: () => void;
}

const icon = { size: 18, 'aria-hidden': true } as const;

export function AppPalette({ readOnly, onLanguage, onSignOut }: AppPaletteProps) {
  const { t, i18n } = useTranslation(['crm', 'ui']);
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const other: Language = i18n.language === 'de' ? 'en' : 'de';
  const create: PaletteAction = {
    id: 'accounts-new',
    label: t('accounts.new'),
    icon: <IconBuildingPlus {...icon} />,
    run: () => void navigate({ to: '/accounts/new', search: true }),
  };
  const exportAll: PaletteAction = {
    id: 'accounts-export',
    label: t('exports.accounts'),
    icon: <IconDownload {...icon} />,
    run: () => void navigate({ to: '/accounts/export', search: true }),
  };
  const actions: PaletteAction[] = [
    {
      id: 'accounts',
      label: t('accounts.title'),
      icon: <IconBuilding {...icon} />,
      run: () => void navigate({ to: '/accounts' }),
    },
    ...(readOnly ? [] : [create, exportAll]),
    {
      id: 'light',
      label: t('palette.light'),
      icon: <IconSun {...icon} />,
      run: () => setColorScheme('light'),
    },
    {
      id: 'dark',
      label: t('palette.dark'),
      icon: <IconMoon {...icon} />,
      run: () => setColorScheme('dark'),
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
