/** The shell, filled: navigation, palette, the user's menu and how to leave. */
import type { Session } from '@abetworks/api-crm';
import { type Language, Shell, UserMenu, useProblemWording } from '@abetworks/ui';
import { Alert } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconLock } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { LinkItem } from '../../../app/links';
import { changeLanguage } from '../../../app/messages';
import { may, type ObjectDescription } from '../../records/description';
import { ObjectIcon } from '../../records/object-icon';
import { useText } from '../../records/use-objects';
import { AppPalette } from './app-palette';
import { useLeave } from './use-leave';

interface SessionFrameProps {
  session: Session;
  /** Those with a list. */
  objects: ObjectDescription[];
  children: ReactNode;
}

export function SessionFrame({ session, objects, children }: SessionFrameProps) {
  const wordProblem = useProblemWording();
  const leave = useLeave();
  const text = useText();
  const { path } = useParams({ strict: false });
  const current = objects.find((object) => object.path === path);
  const visible = objects.filter((object) => may(object, 'read'));
  const speak = (language: Language) => {
    changeLanguage(language).catch(() =>
      notifications.show({ color: 'red', message: wordProblem('unreachable') }),
    );
  };
  return (
    <Shell
      organisation={session.organisation.name}
      title={current === undefined ? '' : text(current.plural)}
      navigation={(close) =>
        visible.map((object) => (
          <LinkItem
            key={object.path}
            to="/$path"
            params={{ path: object.path }}
            label={text(object.plural)}
            leftSection={<ObjectIcon name={object.name} size={18} />}
            active={object === current}
            onClick={close}
          />
        ))
      }
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
      <AppPalette
        objects={visible}
        onLanguage={speak}
        onSignOut={leave}
        readOnly={session.state === 'ReadOnly'}
      />
    </Shell>
  );
}
