/** Types the keys of all messages of this app: its own and those of `@abetworks/ui`. */
import type ui from '../../../../packages/ui/src/locales/en.json';
import type crm from '../locales/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'crm';
    resources: { crm: typeof crm; ui: typeof ui };
  }
}
