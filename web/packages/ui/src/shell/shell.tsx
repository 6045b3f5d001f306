/** The frame around every signed-in page. It must not know routes: the navigation comes in. */
import { ActionIcon, AppShell, Burger, Button, Group, Kbd, Text } from '@mantine/core';
import { useDisclosure, useDocumentTitle, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { openPalette } from './open-palette';
import classes from './shell.module.css';

export interface ShellProps {
  organisation: string;
  /** Of the page, for the browser's tab. */
  title: string;
  /** Links; told how to close the navigation on a small screen. */
  navigation: (close: () => void) => ReactNode;
  userMenu: ReactNode;
  /** Above the page: what concerns the whole organisation. */
  banner?: ReactNode;
  children: ReactNode;
}

export function Shell({ organisation, title, navigation, userMenu, banner, children }: ShellProps) {
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
          <span className={classes.mark} aria-hidden>
            {organisation.trim().charAt(0).toUpperCase()}
          </span>
          <Text fw={650} truncate flex={1}>
            {organisation}
          </Text>
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
