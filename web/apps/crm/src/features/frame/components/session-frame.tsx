/** The shell, filled: navigation, palette, the user's menu and how to leave. */
import type { Session } from '@abetworks/api-crm';
import { LinkItem, LinkMenuItem } from '@abetworks/app-kit';
import { Shell, UserMenu } from '@abetworks/ui';
import { IconHome, IconSettings } from '@tabler/icons-react';
import { useMatchRoute, useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useLeave } from '@/features/auth/components/use-leave';
import { logoAddress } from '@/features/organisation/logo';
import { may, type ObjectDescription } from '@/features/records/description';
import { ObjectIcon } from '@/features/records/object-icon';
import { useText } from '@/features/records/use-objects';
import { AppShortcuts } from './app-shortcuts';
import { Banners } from './banners';
import { useAppearance } from './use-appearance';

const AppPalette = lazy(async () => ({ default: (await import('./app-palette')).AppPalette }));

interface SessionFrameProps {
  session: Session;
  /** Those with a list. */
  objects: ObjectDescription[];
  children: ReactNode;
}

export function SessionFrame({ session, objects, children }: SessionFrameProps) {
  const { t } = useTranslation('crm');
  const leave = useLeave();
  const match = useMatchRoute();
  const inSettings = match({ to: '/settings', fuzzy: true }) !== false;
  const atHome = match({ to: '/home' }) !== false;
  const { speak, dress } = useAppearance();
  const text = useText();
  const { path } = useParams({ strict: false });
  const current = objects.find((object) => object.path === path);
  const ofObject = current === undefined ? '' : text(current.plural);
  const title = atHome ? t('home.title') : inSettings ? t('settings.title') : ofObject;
  const visible = objects.filter((object) => may(object, 'read'));
  return (
    <Shell
      organisation={session.organisation.name}
      logo={logoAddress(session.organisation)}
      title={title}
      navigation={(close) => (
        <>
          <LinkItem
            to="/home"
            label={t('home.title')}
            leftSection={<IconHome size={18} aria-hidden />}
            activeProps={{ active: true }}
            onClick={close}
          />
          {visible.map((object) => (
            <LinkItem
              key={object.path}
              to="/$path"
              params={{ path: object.path }}
              label={text(object.plural)}
              leftSection={<ObjectIcon name={object.name} size={18} />}
              active={object === current}
              onClick={close}
            />
          ))}
        </>
      )}
      userMenu={
        <UserMenu
          name={session.user.name}
          email={session.user.email}
          links={
            <LinkMenuItem to="/settings" leftSection={<IconSettings size={16} aria-hidden />}>
              {t('settings.title')}
            </LinkMenuItem>
          }
          onLanguage={speak}
          onScheme={dress}
          onSignOut={leave}
        />
      }
      banner={<Banners session={session} />}
    >
      {children}
      <AppShortcuts objects={objects} />
      <Suspense>
        <AppPalette
          objects={visible}
          onLanguage={speak}
          onScheme={dress}
          onSignOut={leave}
          readOnly={session.state === 'ReadOnly'}
        />
      </Suspense>
    </Shell>
  );
}
