/** The panel beside a page, for one record. */
import { useReturnFocus } from '@abetworks/ui';
import { Drawer } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** The way to the list of an object as it was, from what lies over it. */
export function useToList(path: string): () => void {
  const navigate = useNavigate();
  return () => void navigate({ to: '/$path', params: { path }, search: true });
}

/** The way to a record's page, from what lies over it. */
export function useToRecord(path: string, recordId: string): () => void {
  const navigate = useNavigate();
  return () => void navigate({ to: '/$path/$recordId', params: { path, recordId }, search: true });
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
