/** Which language to show. The choice stays on this device; no message texts are kept here. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEY = 'language';

function known(candidate: string | null | undefined): Language | undefined {
  const short = candidate?.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === short);
}

/** The language chosen here before, else the first of the browser's that there is, else English. */
export function preferredLanguage(): Language {
  const candidates = [localStorage.getItem(KEY), ...navigator.languages];
  return candidates.map(known).find((language) => language !== undefined) ?? 'en';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}
