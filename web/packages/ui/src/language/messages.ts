/** Loads this package's messages; one small file a language, fetched when the language is shown. */
import type en from '../locales/en.json';
import type { Language } from './language';

const LOADERS: Record<Language, () => Promise<{ default: typeof en }>> = {
  en: () => import('../locales/en.json'),
  de: () => import('../locales/de.json'),
};

export async function loadUiMessages(language: Language): Promise<typeof en> {
  return (await LOADERS[language]()).default;
}
