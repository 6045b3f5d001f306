/** Types the keys of this package's own messages. Not exported: each app declares all it has. */
import type problem from './locales/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'problem';
    resources: { problem: typeof problem };
  }
}
