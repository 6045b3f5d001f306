/** The second factor: off, being set up, or on. */

import { Loaded, ShownOnce } from '@abetworks/app-kit';
import { Badge, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { profileQuery } from '@/features/people/api/profile';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { useBeginSecondFactor, useDisableSecondFactor } from '../api/second-factor';
import { PasswordQuestion } from './password-question';
import { SecondFactorSetup } from './second-factor-setup';

export function SecondFactorCard() {
  const { t } = useTranslation('crm');
  const profile = useQuery(profileQuery(useClient()));
  const [codes, setCodes] = useState<string[]>();
  return (
    <SettingsCard
      title={t('settings.security.secondFactor')}
      text={t('settings.security.secondFactorText')}
    >
      {codes === undefined ? null : (
        <ShownOnce
          title={t('settings.security.recoveryCodes')}
          text={t('settings.security.recoveryText')}
          value={codes.join('\n')}
        />
      )}
      <Loaded query={profile}>
        {({ second_factor }) => (second_factor ? <SwitchedOn /> : <SwitchedOff onOn={setCodes} />)}
      </Loaded>
    </SettingsCard>
  );
}

function SwitchedOff({ onOn }: { onOn: (codes: string[]) => void }) {
  const { t } = useTranslation('crm');
  const [asking, { open, close }] = useDisclosure(false);
  const begin = useBeginSecondFactor();
  if (begin.data !== undefined) {
    return <SecondFactorSetup {...begin.data} onOn={onOn} onCancel={begin.reset} />;
  }
  return (
    <Group>
      <Badge color="gray" variant="light">
        {t('settings.security.off')}
      </Badge>
      <Button variant="default" onClick={open}>
        {t('settings.security.switchOn')}
      </Button>
      <PasswordQuestion
        opened={asking}
        title={t('settings.security.switchOn')}
        text={t('settings.security.confirmText')}
        mutation={begin}
        onDone={close}
        onClose={close}
      />
    </Group>
  );
}

function SwitchedOn() {
  const { t } = useTranslation('crm');
  const [asking, { open, close }] = useDisclosure(false);
  const disable = useDisableSecondFactor();
  return (
    <Group>
      <Badge color="green" variant="light">
        {t('settings.security.on')}
      </Badge>
      <Text size="sm" c="dimmed" flex={1}>
        {t('settings.security.onText')}
      </Text>
      <Button variant="default" onClick={open}>
        {t('settings.security.switchOff')}
      </Button>
      <PasswordQuestion
        opened={asking}
        title={t('settings.security.switchOff')}
        text={t('settings.security.confirmText')}
        mutation={disable}
        onDone={() => {
          close();
          notifications.show({ message: t('settings.security.switchedOff') });
        }}
        onClose={close}
      />
    </Group>
  );
}
