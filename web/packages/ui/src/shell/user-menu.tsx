/** Who is signed in, language, appearance, sign out. */
import {
  Avatar,
  type MantineColorScheme,
  Menu,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, type Language } from '../language/language';

interface UserMenuProps {
  name: string;
  email: string;
  /** Links of the app: it alone knows where they lead. */
  links: ReactNode;
  onLanguage: (language: Language) => void;
  onScheme: (scheme: MantineColorScheme) => void;
  onSignOut: () => void;
}

const SCHEMES = ['light', 'dark', 'auto'] as const satisfies MantineColorScheme[];

export function UserMenu(props: UserMenuProps) {
  const { name, email, links, onLanguage, onScheme, onSignOut } = props;
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
        {links}
        <Menu.Divider />
        <SchemeItems onScheme={onScheme} />
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

function SchemeItems({ onScheme }: Pick<UserMenuProps, 'onScheme'>) {
  const { t } = useTranslation('ui');
  const { colorScheme } = useMantineColorScheme();
  return (
    <Menu.RadioGroup value={colorScheme}>
      <Menu.Label role="presentation">{t('user.appearance')}</Menu.Label>
      {SCHEMES.map((scheme) => (
        <Menu.RadioItem key={scheme} value={scheme} onChange={() => onScheme(scheme)}>
          {t(`user.${scheme}`)}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

function LanguageItems({ onLanguage }: Pick<UserMenuProps, 'onLanguage'>) {
  const { t, i18n } = useTranslation('ui');
  return (
    <Menu.RadioGroup value={i18n.language}>
      <Menu.Label role="presentation">{t('user.language')}</Menu.Label>
      {LANGUAGES.map((language) => (
        <Menu.RadioItem
          key={language}
          value={language}
          lang={language}
          closeMenuOnClick
          onChange={() => onLanguage(language)}
        >
          {t(`user.languages.${language}`)}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}
