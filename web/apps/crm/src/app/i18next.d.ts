/** Types the keys of all messages of this app: its own and those that all apps have. */
import type { SharedMessages } from '@abetworks/app-kit';
import type crm from '@/locales/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'crm';
    resources: SharedMessages & { crm: typeof crm };
  }
}
