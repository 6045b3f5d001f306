/** Build and development server of the CRM's web app. */
import { fileURLToPath } from 'node:url';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { fakeBackend } from '../../packages/testing/src/vite.ts';
import { budget, compress } from '../../tools/build/src/index.ts';

/** `API_URL` is a running `tenant-app serve`; without one a fake backend in memory answers. */
const api = process.env.API_URL;

const proxy =
  api === undefined
    ? undefined
    : {
        '/api': {
          target: api,
          changeOrigin: true,
          // The server compares the Origin of every change with its own.
          headers: { origin: new URL(api).origin },
        },
      };

export default defineConfig({
  plugins: [
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single' }),
    react(),
    ...(api === undefined ? [fakeBackend()] : []),
    compress(),
    budget({ entryScript: 230_000, entryStyle: 45_000, lazy: 70_000 }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { port: 5173, ...(proxy === undefined ? {} : { proxy }) },
  preview: { port: 4173, ...(proxy === undefined ? {} : { proxy }) },
  build: {
    target: 'es2022',
    // A data URL in a style sheet or page would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
