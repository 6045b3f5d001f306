/** The settings' own navigation, with what the person may see, beside the page chosen. */

import type { components } from '@abetworks/api-crm';
import { LinkItem } from '@abetworks/app-kit';
import { Box, ScrollArea } from '@mantine/core';
import {
  IconBriefcase,
  IconBuilding,
  IconClockPlay,
  IconForms,
  IconHistory,
  IconKey,
  IconShieldLock,
  IconTags,
  IconTrash,
  IconTrendingUp,
  IconUser,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './settings-frame.module.css';

type Area = components['schemas']['Area'];

interface Page {
  name:
    | 'profile'
    | 'security'
    | 'apiKeys'
    | 'users'
    | 'roles'
    | 'organisation'
    | 'teams'
    | 'fields'
    | 'tags'
    | 'pipelines'
    | 'trash'
    | 'jobs'
    | 'audit';
  to: string;
  icon: typeof IconUser;
  /** Only for who manages it. */
  area?: Area;
}

const GROUPS = [
  {
    name: 'you',
    pages: [
      { name: 'profile', to: '/settings/profile', icon: IconUser },
      { name: 'security', to: '/settings/security', icon: IconShieldLock },
      { name: 'apiKeys', to: '/settings/api-keys', icon: IconKey },
    ],
  },
  {
    name: 'people',
    pages: [
      { name: 'users', to: '/settings/users', icon: IconUsers, area: 'users' },
      { name: 'roles', to: '/settings/roles', icon: IconBriefcase, area: 'roles' },
      { name: 'teams', to: '/settings/teams', icon: IconUsersGroup, area: 'teams' },
    ],
  },
  {
    name: 'data',
    pages: [
      { name: 'fields', to: '/settings/fields', icon: IconForms, area: 'fields' },
      { name: 'tags', to: '/settings/tags', icon: IconTags, area: 'fields' },
      { name: 'pipelines', to: '/settings/pipelines', icon: IconTrendingUp, area: 'pipelines' },
      { name: 'trash', to: '/settings/trash', icon: IconTrash },
    ],
  },
  {
    name: 'organisation',
    pages: [
      {
        name: 'organisation',
        to: '/settings/organisation',
        icon: IconBuilding,
        area: 'organisation',
      },
      { name: 'jobs', to: '/settings/jobs', icon: IconClockPlay, area: 'jobs' },
      { name: 'audit', to: '/settings/audit', icon: IconHistory, area: 'audit' },
    ],
  },
] as const satisfies { name: string; pages: Page[] }[];

interface SettingsFrameProps {
  /** What the person manages. */
  areas: readonly Area[];
  children: ReactNode;
}

export function SettingsFrame({ areas, children }: SettingsFrameProps) {
  const { t } = useTranslation('crm');
  const isSeen = ({ area }: Page) => area === undefined || areas.includes(area);
  const groups = GROUPS.map(({ name, pages }) => ({ name, seen: pages.filter(isSeen) })).filter(
    ({ seen }) => seen.length > 0,
  );
  return (
    <Box className={classes.frame}>
      <nav aria-label={t('settings.title')} className={classes.navigation}>
        <ScrollArea type="never">
          <div className={classes.groups}>
            {groups.map(({ name: group, seen }) => (
              // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form
              <div key={group} role="group" aria-labelledby={`settings-${group}`}>
                <div id={`settings-${group}`} className={classes.heading}>
                  {t(`settings.groups.${group}`)}
                </div>
                <div className={classes.items}>
                  {seen.map(({ name, to, icon: Icon }) => (
                    <LinkItem
                      key={to}
                      to={to}
                      label={t(`settings.${name}.title`)}
                      leftSection={<Icon size={18} aria-hidden />}
                      className={classes.item ?? ''}
                      activeProps={{ active: true }}
                    />
                  ))}
                </div>
              </div>
            ))}
          </div>
        </ScrollArea>
      </nav>
      <Box className={classes.page} p={{ base: 'sm', sm: 'lg' }}>
        {children}
      </Box>
    </Box>
  );
}
