/** The panel over the list, for one record. Its address says which; closing goes back to the list. */
import { useReturnFocus } from '@abetworks/ui';
import { Drawer } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export function useCloseDrawer(path: string): () => void {
  const navigate = useNavigate();
  return () => void navigate({ to: '/$path', params: { path }, search: true });
}

interface RecordDrawerProps {
  path: string;
  title: string;
  children: ReactNode;
}

export function RecordDrawer({ path, title, children }: RecordDrawerProps) {
  useReturnFocus();
  return (
    <Drawer
      opened
      onClose={useCloseDrawer(path)}
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
