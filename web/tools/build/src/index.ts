/** Vite plugins of the build: what an app's `vite.config.ts` uses, and nothing that runs in a browser. */
export { budget } from './budget.ts';
export { compress } from './compress.ts';
