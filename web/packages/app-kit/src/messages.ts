/** Starts i18next with one language and changes it; the texts of others are never downloaded. */
import { loadProblemMessages, type ProblemMessages } from '@abetworks/problem/wording';
import { type Language, loadUiMessages, rememberLanguage, type UiMessages } from '@abetworks/ui';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from './locales/en.json';

type KitMessages = typeof en;

/** What every app has beside its own, by namespace. */
export interface SharedMessages {
  kit: KitMessages;
  problem: ProblemMessages;
  ui: UiMessages;
}

type Loaders<Messages> = Record<Language, () => Promise<{ default: Messages }>>;

const LOADERS: Loaders<KitMessages> = {
  en: () => import('./locales/en.json'),
  de: () => import('./locales/de.json'),
};

/** `namespace`: the app's own, in which keys without one are looked up. */
export function appMessages<Messages extends object>(
  namespace: string,
  loaders: Loaders<Messages>,
) {
  const addMessages = async (language: Language) => {
    const [own, kit, problem, ui] = await Promise.all([
      loaders[language](),
      LOADERS[language](),
      loadProblemMessages(language),
      loadUiMessages(language),
    ]);
    i18next.addResourceBundle(language, namespace, own.default);
    i18next.addResourceBundle(language, 'kit', kit.default);
    i18next.addResourceBundle(language, 'problem', problem);
    i18next.addResourceBundle(language, 'ui', ui);
  };

  const startMessages = async (language: Language) => {
    await i18next.use(initReactI18next).init({
      lng: language,
      // No fallback: a test holds the languages to the same keys.
      fallbackLng: false,
      ns: [namespace, 'kit', 'problem', 'ui'],
      defaultNS: namespace,
      resources: {},
      // React escapes what it renders.
      interpolation: { escapeValue: false },
      react: { useSuspense: false, bindI18nStore: 'added' },
    });
    await addMessages(language);
    document.documentElement.lang = language;
  };

  const changeLanguage = async (language: Language) => {
    await addMessages(language);
    await i18next.changeLanguage(language);
    rememberLanguage(language);
    document.documentElement.lang = language;
  };

  return { startMessages, changeLanguage };
}
