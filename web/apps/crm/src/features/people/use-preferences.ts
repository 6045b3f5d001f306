/** Puts what a person prefers into effect: language, appearance, and how numbers and times are written. */
import { LANGUAGES, preferFormats } from '@abetworks/ui';
import { useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { useCallback } from 'react';
import { changeLanguage } from '@/app/messages';
import type { Profile } from './api/profile';

/** Before the first page is shown: what it writes depends on it. */
export async function preferWords(profile: Profile): Promise<void> {
  preferFormats(profile);
  const language = LANGUAGES.find((known) => known === profile.language);
  if (language !== undefined && language !== i18next.language) await changeLanguage(language);
}

export function usePreferences(): (profile: Profile) => Promise<void> {
  const { setColorScheme } = useMantineColorScheme();
  const queryClient = useQueryClient();
  return useCallback(
    async (profile) => {
      await preferWords(profile);
      setColorScheme(
        profile.theme === 'light' || profile.theme === 'dark' ? profile.theme : 'auto',
      );
      // What is on the page was written the old way.
      await queryClient.invalidateQueries();
    },
    [setColorScheme, queryClient],
  );
}
