/** The panel over the list, for one account. Its address says which; closing goes back to the list. */
import { useReturnFocus } from '@abetworks/ui';
import { Drawer } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export function useCloseDrawer(): () => void {
  const navigate = useNavigate();
  return () => void navigate({ to: '/accounts', search: true });
}

interface AccountDrawerProps {
  title: string;
  children: ReactNode;
}

export function AccountDrawer({ title, children }: AccountDrawerProps) {
  useReturnFocus();
  return (
    <Drawer
      opened
      onClose={useCloseDrawer()}
      title={title}
      position="right"
      size={520}
      padding="lg"
      transitionProps={{ duration: 0 }}
    >
      {children}
    </Drawer>
  );
}
