/** Loads this package's messages; one small file a language, fetched when the language is shown. */
import type en from '../locales/en.json';
import type { Language } from './language';

export type UiMessages = typeof en;

const LOADERS: Record<Language, () => Promise<{ default: UiMessages }>> = {
  en: () => import('../locales/en.json'),
  de: () => import('../locales/de.json'),
};

export async function loadUiMessages(language: Language): Promise<UiMessages> {
  return (await LOADERS[language]()).default;
}
