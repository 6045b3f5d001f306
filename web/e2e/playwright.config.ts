/**
 * Browser tests against a running server: `BASE_URL` (no slash at its end) and `INVITATION_URL`, a
 * link that nobody has used yet. Without them the built app runs over the backend in memory. Nothing is tried twice: a test that fails sometimes has found something.
 */
import { INVITATION_TOKEN } from '@abetworks/testing';
import { defineConfig } from '@playwright/test';

const FAKE = 'http://localhost:4173';
const baseURL = process.env.BASE_URL ?? FAKE;
if (baseURL !== FAKE && !process.env.INVITATION_URL) throw new Error('INVITATION_URL is not set');
process.env.INVITATION_URL ??= `${FAKE}/invite#${INVITATION_TOKEN}`;

export default defineConfig({
  projects: [
    { name: 'founder', testDir: '.', testMatch: /founder\.setup\.ts$/ },
    { name: 'specs', testDir: 'specs', dependencies: ['founder'] },
  ],
  outputDir: 'results',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 240_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  ...(baseURL === FAKE
    ? {
        webServer: {
          command: 'npm run preview -w @abetworks/crm -- --strictPort',
          cwd: '..',
          url: FAKE,
        },
      }
    : {}),
  use: {
    baseURL,
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    actionTimeout: 10_000,
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Names of tenants on a local cluster; the system's resolver does not know them.
        '--host-resolver-rules=MAP *.localhost 127.0.0.1',
      ],
    },
  },
});
