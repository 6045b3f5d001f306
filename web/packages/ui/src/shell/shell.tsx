/** The frame around every signed-in page. It must not know routes: the navigation comes in. */
import { ActionIcon, AppShell, Burger, Button, Group, Kbd, Text } from '@mantine/core';
import { useDisclosure, useDocumentTitle, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openPalette } from './open-palette';
import classes from './shell.module.css';

export interface ShellProps {
  organisation: string;
  /** The address of its logo; without one its initial stands there. */
  logo?: string | undefined;
  /** Of the page, for the browser's tab. */
  title: string;
  /** Links; told how to close the navigation on a small screen. */
  navigation: (close: () => void) => ReactNode;
  userMenu: ReactNode;
  /** Above the page: what concerns the whole organisation. */
  banner?: ReactNode;
  children: ReactNode;
}

export function Shell(props: ShellProps) {
  const { organisation, logo, title, navigation, userMenu, banner, children } = props;
  const { t } = useTranslation('ui');
  useDocumentTitle(`${title} · ${organisation}`);
  useHotkeys([['mod+K', openPalette]]);
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      transitionDuration={0}
    >
      <a href="#content" className={classes.skip}>
        {t('actions.skip')}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={t(opened ? 'actions.closeNavigation' : 'actions.openNavigation')}
            aria-expanded={opened}
          />
          <Owner name={organisation} logo={logo} />
          <PaletteButton />
          {userMenu}
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} p="sm" aria-label={t('navigation.label')}>
        {navigation(close)}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        {banner}
        {children}
      </AppShell.Main>
    </AppShell>
  );
}

/** Whose pages these are. Beside a logo that says so, the name is there for the eye alone. */
function Owner({ name, logo }: { name: string; logo: string | undefined }) {
  const [broken, setBroken] = useState<string>();
  const hasLogo = logo !== undefined && logo !== broken;
  return (
    <>
      {hasLogo ? (
        <img src={logo} alt={name} className={classes.logo} onError={() => setBroken(logo)} />
      ) : (
        <span className={classes.mark} aria-hidden>
          {name.trim().charAt(0).toUpperCase()}
        </span>
      )}
      <Text fw={650} truncate flex={1} aria-hidden={hasLogo || undefined}>
        {name}
      </Text>
    </>
  );
}

function PaletteButton() {
  const { t } = useTranslation('ui');
  return (
    <>
      <Button
        visibleFrom="sm"
        variant="default"
        className={classes.search}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={openPalette}
      >
        {t('palette.open')}
      </Button>
      <ActionIcon
        hiddenFrom="sm"
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('palette.open')}
        onClick={openPalette}
      >
        <IconSearch size={20} aria-hidden />
      </ActionIcon>
    </>
  );
}
