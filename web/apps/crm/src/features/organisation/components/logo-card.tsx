/** The organisation's logo: shown, chosen from a file, removed. */

import { useNotifyRefusal, useRefusalWording } from '@abetworks/app-kit';
import { ProblemError } from '@abetworks/problem';
import { useFieldWording } from '@abetworks/problem/wording';
import { Button, FileInput, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { sessionQuery } from '@/features/auth/api/session';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { useRemoveLogo, useSetLogo } from '../api/logo';
import { logoAddress } from '../logo';
import classes from './logo-card.module.css';

/** As the server has them: what it would refuse is not sent. */
const TYPES = ['image/png', 'image/jpeg', 'image/webp'];
const MOST_BYTES = 256 * 1024;

export function LogoCard() {
  const { t } = useTranslation('crm');
  const organisation = useQuery(sessionQuery(useClient())).data?.organisation;
  const address = organisation == null ? undefined : logoAddress(organisation);
  return (
    <SettingsCard title={t('settings.logo.title')} text={t('settings.logo.text')}>
      {address === undefined ? (
        <Text size="sm">{t('settings.logo.none')}</Text>
      ) : (
        <Group>
          <img src={address} alt={t('settings.logo.present')} className={classes.logo} />
          <RemoveLogo />
        </Group>
      )}
      <ChooseLogo />
    </SettingsCard>
  );
}

function RemoveLogo() {
  const { t } = useTranslation('crm');
  const remove = useRemoveLogo();
  const notify = useNotifyRefusal();
  return (
    <Button
      variant="default"
      loading={remove.isPending}
      onClick={() =>
        remove.mutate(undefined, {
          onSuccess: () =>
            notifications.show({ color: 'green', message: t('settings.logo.removed') }),
          onError: notify,
        })
      }
    >
      {t('settings.logo.remove')}
    </Button>
  );
}

function ChooseLogo() {
  const { t } = useTranslation('crm');
  const set = useSetLogo();
  const word = useWordOfRefusal();
  const [mistake, setMistake] = useState<string>();
  const forget = useRef<() => void>(null);
  const choose = (file: File | null) => {
    // The same name again is a choice, too: the file may have been changed meanwhile.
    forget.current?.();
    if (file === null) return;
    const refused = refusedHere(file);
    setMistake(refused === undefined ? undefined : t(`settings.logo.${refused}`));
    if (refused !== undefined) return;
    set.mutate(file, {
      onSuccess: () => notifications.show({ color: 'green', message: t('settings.logo.saved') }),
      onError: (error) => setMistake(word(error)),
    });
  };
  return (
    <FileInput
      maw={420}
      label={t('settings.logo.file')}
      description={t('settings.logo.hint')}
      placeholder={t(set.isPending ? 'settings.logo.sending' : 'settings.logo.choose')}
      accept={TYPES.join()}
      leftSection={<IconUpload size={16} aria-hidden />}
      value={null}
      onChange={choose}
      resetRef={forget}
      readOnly={set.isPending}
      error={mistake}
      fileInputProps={{ 'aria-label': t('settings.logo.choose') }}
    />
  );
}

function refusedHere({ type, size }: File): 'wrongType' | 'tooLarge' | undefined {
  if (!TYPES.includes(type)) return 'wrongType';
  return size > MOST_BYTES ? 'tooLarge' : undefined;
}

function useWordOfRefusal(): (error: unknown) => string {
  const { t } = useTranslation('crm');
  const word = useRefusalWording();
  const wordField = useFieldWording();
  return (error) => {
    const { code, errors } = error instanceof ProblemError ? error : { code: '', errors: [] };
    if (code === 'too-large') return t('settings.logo.tooLarge');
    if (code === 'unsupported-media-type') return t('settings.logo.wrongType');
    return errors[0] === undefined ? word(error) : wordField(errors[0]);
  };
}
