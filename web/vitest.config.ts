/** Unit and component tests of all packages; the browser tests are in `e2e/`. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./apps/crm/src', import.meta.url)) } },
  test: {
    include: ['{apps,packages,tools}/**/*.test.{ts,tsx}'],
    environment: 'happy-dom',
    environmentOptions: { happyDOM: { url: 'http://crm.localhost/' } },
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: 60_000,
    retry: 0,
    // The whole document at each failure hides the failure.
    env: { DEBUG_PRINT_LIMIT: '0' },
  },
});
