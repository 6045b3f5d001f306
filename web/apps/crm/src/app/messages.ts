/** This app's messages, beside those that all apps have. */
import { appMessages } from '@abetworks/app-kit';

export const { startMessages, changeLanguage } = appMessages('crm', {
  en: () => import('@/locales/en.json'),
  de: () => import('@/locales/de.json'),
});
