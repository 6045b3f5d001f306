/** Starts i18next with one language and changes it; the texts of others are never downloaded. */
import { type Language, loadUiMessages, rememberLanguage } from '@abetworks/ui';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from '../locales/en.json';

const LOADERS: Record<Language, () => Promise<{ default: typeof en }>> = {
  en: () => import('../locales/en.json'),
  de: () => import('../locales/de.json'),
};

async function addMessages(language: Language): Promise<void> {
  const [crm, ui] = await Promise.all([LOADERS[language](), loadUiMessages(language)]);
  i18next.addResourceBundle(language, 'crm', crm.default);
  i18next.addResourceBundle(language, 'ui', ui);
}

export async function startMessages(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    // No fallback: a test holds the languages to the same keys.
    fallbackLng: false,
    ns: ['crm', 'ui'],
    defaultNS: 'crm',
    resources: {},
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    react: { useSuspense: false, bindI18nStore: 'added' },
  });
  await addMessages(language);
  document.documentElement.lang = language;
}

export async function changeLanguage(language: Language): Promise<void> {
  await addMessages(language);
  await i18next.changeLanguage(language);
  rememberLanguage(language);
  document.documentElement.lang = language;
}
