/** Types the keys of the messages this package shows. Not exported: each app declares all it has. */
import type { SharedMessages } from './messages';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'kit';
    resources: SharedMessages;
  }
}
