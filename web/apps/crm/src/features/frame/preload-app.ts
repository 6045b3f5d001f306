/** The code of what comes after signing in, while a password is being typed. It must not ask the server for data. */
import type { AnyRouter } from '@tanstack/react-router';

/** Where it fails, the page that needs it says so. */
export function preloadApp(router: AnyRouter): void {
  const parts = [
    ...['/_app', '/_app/home', '/_app/$path'].map((route) =>
      router.loadRouteChunk(router.routesById[route]),
    ),
    import('./components/app-palette'),
    import('@/features/records/views/view-bar'),
    import('@/features/records/filter/filter-bar'),
    import('@/features/records/components/column-choice'),
  ];
  void Promise.allSettled(parts);
}
