/** The router with its context. The route tree is generated from `routes/` by the build. */
import { createRouter } from '@tanstack/react-router';
import { routeTree } from '@/routeTree.gen';
import type { AppContext } from './context';

export function makeRouter(context: AppContext) {
  return createRouter({
    routeTree,
    context,
    defaultPreload: 'intent',
    // The query cache decides what is fresh.
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
  });
}

export type AppRouter = ReturnType<typeof makeRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
