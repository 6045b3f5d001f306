/** The way to the organisation's own provider, on the sign-in page. */

import { useRefusalWording } from '@abetworks/app-kit';
import { Alert, Button, Stack } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useBeginSingleSignOn } from '../api/single-sign-on';
import { keepPlace } from '../single-sign-on-place';

interface SingleSignOnButtonProps {
  label: string;
  /** Where to go afterwards. */
  to: string;
  /** Whether it is the way in for most people, or one beside the password. */
  first: boolean;
}

export function SingleSignOnButton({ label, to, first }: SingleSignOnButtonProps) {
  const { t } = useTranslation('crm');
  const begin = useBeginSingleSignOn();
  const word = useRefusalWording();
  const go = () =>
    begin.mutate(undefined, {
      onSuccess: ({ url }) => {
        keepPlace(to);
        window.location.assign(url);
      },
    });
  return (
    <Stack gap="md">
      {begin.isError ? <Alert color="red">{word(begin.error)}</Alert> : null}
      <Button
        variant={first ? 'filled' : 'default'}
        size="md"
        fullWidth
        leftSection={<IconKey size={18} aria-hidden />}
        // Until the other page is there.
        loading={begin.isPending || begin.isSuccess}
        onClick={go}
      >
        {label === '' ? t('singleSignOn.button') : label}
      </Button>
    </Stack>
  );
}
