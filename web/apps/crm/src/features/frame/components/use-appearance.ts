/**
 * Language and appearance as the menu and the palette change them: on this device at once, and in the
 * profile of who has chosen there, which would otherwise take the choice back at the next visit.
 */

import { useNotifyRefusal } from '@abetworks/app-kit';
import type { Language } from '@abetworks/ui';
import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useClient } from '@/app/context';
import { changeLanguage } from '@/app/messages';
import { type ProfilePatch, profileQuery, useUpdateProfile } from '@/features/people/api/profile';

export function useAppearance() {
  const { setColorScheme } = useMantineColorScheme();
  const notify = useNotifyRefusal();
  const profile = useQuery(profileQuery(useClient())).data;
  const update = useUpdateProfile();
  const theme = profile?.theme;
  useEffect(() => {
    if (theme === 'light' || theme === 'dark') setColorScheme(theme);
  }, [theme, setColorScheme]);

  const keep = (name: 'language' | 'theme', value: string | null) => {
    if (profile === undefined || profile[name] === null) return;
    const patch: ProfilePatch = { [name]: value };
    update.mutate({ base: profile, patch }, { onError: notify });
  };
  return {
    speak: (language: Language) => {
      changeLanguage(language).then(() => keep('language', language), notify);
    },
    dress: (scheme: MantineColorScheme) => {
      setColorScheme(scheme);
      keep('theme', scheme === 'auto' ? null : scheme);
    },
  };
}
