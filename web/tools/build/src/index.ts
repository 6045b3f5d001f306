/** Vite plugins of the build: what an app's `vite.config.ts` uses, and nothing that runs in a browser. */
export { budget } from './budget';
export { compress } from './compress';
