/** The shell, filled: navigation, palette, the user's menu and how to leave. */
import type { Session } from '@abetworks/api-crm';
import { type Language, Shell, UserMenu, useProblemWording } from '@abetworks/ui';
import { Alert } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBuilding, IconLock } from '@tabler/icons-react';
import { useMatchRoute } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkItem } from '../../../app/links';
import { changeLanguage } from '../../../app/messages';
import { AppPalette } from './app-palette';
import { useLeave } from './use-leave';

interface SessionFrameProps {
  session: Session;
  children: ReactNode;
}

export function SessionFrame({ session, children }: SessionFrameProps) {
  const { t } = useTranslation('crm');
  const wordProblem = useProblemWording();
  const leave = useLeave();
  const matchRoute = useMatchRoute();
  const speak = (language: Language) => {
    changeLanguage(language).catch(() =>
      notifications.show({ color: 'red', message: wordProblem('unreachable') }),
    );
  };
  return (
    <Shell
      organisation={session.organisation.name}
      title={t('accounts.title')}
      navigation={(close) => (
        <LinkItem
          to="/accounts"
          label={t('accounts.title')}
          leftSection={<IconBuilding size={18} aria-hidden />}
          active={matchRoute({ to: '/accounts', fuzzy: true }) !== false}
          onClick={close}
        />
      )}
      userMenu={
        <UserMenu
          name={session.user.name}
          email={session.user.email}
          onLanguage={speak}
          onSignOut={leave}
        />
      }
      banner={
        session.state === 'ReadOnly' ? (
          <Alert color="yellow" icon={<IconLock aria-hidden />} radius={0}>
            {wordProblem('read-only')}
          </Alert>
        ) : null
      }
    >
      {children}
      <AppPalette onLanguage={speak} onSignOut={leave} readOnly={session.state === 'ReadOnly'} />
    </Shell>
  );
}
