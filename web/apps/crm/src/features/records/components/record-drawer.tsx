/** The panel beside a page, for one record. */
import { useReturnFocus } from '@abetworks/ui';
import { Drawer } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** Over the list its address says which record it shows; closing goes back to the list. */
export function useCloseDrawer(path: string): () => void {
  const navigate = useNavigate();
  return () => void navigate({ to: '/$path', params: { path }, search: true });
}

interface RecordDrawerProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

export function RecordDrawer({ title, onClose, children }: RecordDrawerProps) {
  useReturnFocus();
  return (
    <Drawer
      opened
      onClose={onClose}
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
