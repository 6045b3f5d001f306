/**
 * The role that an admin looks at the app through. It is held in memory alone, so that a reload ends
 * it; the server narrows what it answers, and refuses to change anything meanwhile.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';

export interface ViewedRole {
  id: string;
  name: string;
}

let viewed: ViewedRole | undefined;
const watchers = new Set<() => void>();

export function viewedRole(): ViewedRole | undefined {
  return viewed;
}

/** `undefined` ends it. Whoever calls it knows what is to be read again. */
export function viewThrough(role: ViewedRole | undefined): void {
  viewed = role;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useViewedRole(): ViewedRole | undefined {
  return useSyncExternalStore(watch, viewedRole);
}

/** Begins or ends it, and leads to a page that is then there. */
export function useViewThrough(): (role: ViewedRole | undefined) => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async (role) => {
    const before = viewed;
    viewThrough(role);
    // All of it was answered with other rights.
    await queryClient.cancelQueries();
    queryClient.removeQueries();
    await router.invalidate();
    await router.navigate(
      role === undefined && before !== undefined
        ? { to: '/settings/roles/$roleId', params: { roleId: before.id } }
        : { to: '/home' },
    );
  };
}
