/** Who is signed in, language, appearance, sign out. */
import {
  Avatar,
  type MantineColorScheme,
  Menu,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, type Language } from '../language/language';

interface UserMenuProps {
  name: string;
  email: string;
  onLanguage: (language: Language) => void;
  onSignOut: () => void;
}

const SCHEMES: { scheme: MantineColorScheme; icon: ReactNode }[] = [
  { scheme: 'light', icon: <IconSun size={16} aria-hidden /> },
  { scheme: 'dark', icon: <IconMoon size={16} aria-hidden /> },
  { scheme: 'auto', icon: <IconDeviceDesktop size={16} aria-hidden /> },
];

export function UserMenu({ name, email, onLanguage, onSignOut }: UserMenuProps) {
  const { t } = useTranslation('ui');
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton aria-label={t('user.menu', { name })}>
          <Avatar name={name} radius="xl" size={34} color="indigo" alt="" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div role="presentation" style={{ padding: '8px 12px' }}>
          <Text fw={600} truncate>
            {name}
          </Text>
          <Text size="sm" c="dimmed" truncate>
            {email}
          </Text>
        </div>
        <Menu.Divider />
        <SchemeItems />
        <Menu.Divider />
        <LanguageItems onLanguage={onLanguage} />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={onSignOut}>
          {t('user.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const chosen = <IconCheck size={14} aria-hidden />;

function SchemeItems() {
  const { t } = useTranslation('ui');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label role="presentation">{t('user.appearance')}</Menu.Label>
      {SCHEMES.map(({ scheme, icon }) => (
        <Menu.Item
          key={scheme}
          role="menuitemradio"
          aria-checked={colorScheme === scheme}
          leftSection={icon}
          rightSection={colorScheme === scheme ? chosen : null}
          onClick={() => setColorScheme(scheme)}
        >
          {t(`user.${scheme}`)}
        </Menu.Item>
      ))}
    </>
  );
}

function LanguageItems({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const { t, i18n } = useTranslation('ui');
  return (
    <>
      <Menu.Label role="presentation">{t('user.language')}</Menu.Label>
      {LANGUAGES.map((language) => (
        <Menu.Item
          key={language}
          role="menuitemradio"
          aria-checked={i18n.language === language}
          lang={language}
          leftSection={<IconLanguage size={16} aria-hidden />}
          rightSection={i18n.language === language ? chosen : null}
          onClick={() => onLanguage(language)}
        >
          {t(`user.languages.${language}`)}
        </Menu.Item>
      ))}
    </>
  );
}
