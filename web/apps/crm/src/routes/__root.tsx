/** The root of all pages: what shows when a page does not exist or breaks. */

import { PageProblem } from '@abetworks/app-kit';
import { StateView } from '@abetworks/ui';
import { Anchor, Button, Center } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconAlertTriangle, IconMapOff } from '@tabler/icons-react';
import {
  createRootRouteWithContext,
  type ErrorComponentProps,
  Link,
  Outlet,
} from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { AppContext } from '@/app/context';

export const Route = createRootRouteWithContext<AppContext>()({
  component: Outlet,
  notFoundComponent: Missing,
  errorComponent: Broken,
});

function Missing() {
  const { t } = useTranslation(['crm', 'ui']);
  useDocumentTitle(t('missing.title'));
  return (
    <Center component="main" mih="100dvh">
      <StateView
        icon={<IconMapOff aria-hidden />}
        title={t('missing.title')}
        text={t('missing.text')}
        action={
          <Anchor component={Link} to="/" underline="always">
            {t('missing.home')}
          </Anchor>
        }
      />
    </Center>
  );
}

function Broken({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation(['crm', 'ui']);
  return (
    <Center component="main" mih="100dvh">
      <PageProblem
        error={error}
        icon={<IconAlertTriangle aria-hidden />}
        action={<Button onClick={reset}>{t('ui:actions.retry')}</Button>}
      />
    </Center>
  );
}
