/** The registry where the pages need it, and what its objects are called in sentences. */
import { useRouteContext } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { type LocalizedText, type ObjectDescription, textIn } from './description';

export function useObjects(): ObjectDescription[] {
  return useRouteContext({ from: '/_app' }).objects;
}

export function useText(): (text: LocalizedText) => string {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return useCallback((text) => textIn(text, language), [language]);
}

/** Sentences that a language bends to the object; an object without its own gets the plain one. */
type Bent = 'new' | 'about' | 'deleteTitle' | 'changedMeanwhile';
type Lookup = (keys: string[], params: Record<string, string>) => string;

export interface ObjectWords {
  /** One and several of it, as in the middle of a sentence. */
  one: string;
  many: string;
  /** As a heading. */
  label: string;
  title: string;
  bent: (sentence: Bent) => string;
}

/** The words of any object, in the language shown. */
export function useWordsOf(): (object: ObjectDescription) => ObjectWords {
  const { t, i18n } = useTranslation('crm');
  const language = i18n.language;
  return useCallback(
    (object) => {
      const label = textIn(object.label, language);
      const title = textIn(object.plural, language);
      // German writes its nouns with a capital everywhere.
      const inside = (word: string) => (language === 'de' ? word : word.toLowerCase());
      const [one, many] = [inside(label), inside(title)];
      // i18next cannot type keys that are put together at run time.
      const lookup = t as unknown as Lookup;
      const bent = (sentence: Bent) =>
        lookup([`objects.${object.name}.${sentence}`, `objects.other.${sentence}`], { one, many });
      return { one, many, label, title, bent };
    },
    [t, language],
  );
}

export function useObjectWords(object: ObjectDescription): ObjectWords {
  return useWordsOf()(object);
}
