/** Theme, notifications and what every page stands on. It must not fetch anything. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { appTheme, cssVariables } from './theme';

export function UiProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation('ui');
  const theme = useMemo(() => appTheme({ close: t('actions.close') }), [t]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={3} />
      {children}
    </MantineProvider>
  );
}
