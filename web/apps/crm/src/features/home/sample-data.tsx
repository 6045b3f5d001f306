/** Records to try the CRM with: where they are offered, and where they are taken away again. */

import { Confirm, useNotifyRefusal } from '@abetworks/app-kit';
import { Button, Group, Paper, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { sampleDataQuery, useAddSampleData, useRemoveSampleData } from './api';

export function AddSampleData() {
  const { t } = useTranslation('crm');
  const add = useAddSampleData();
  const notify = useNotifyRefusal();
  return (
    <Button
      variant="default"
      loading={add.isPending}
      onClick={() => add.mutate(undefined, { onError: notify })}
    >
      {t('sampleData.add')}
    </Button>
  );
}

/** Nothing where there is none. */
export function SampleDataNotice() {
  const { t } = useTranslation('crm');
  const { data } = useQuery(sampleDataQuery(useClient()));
  const [asking, setAsking] = useState(false);
  if (data === undefined || data.records === 0) return null;
  return (
    <Paper component="section" withBorder radius="lg" p="md" aria-label={t('sampleData.title')}>
      <Group gap="md" wrap="wrap" align="center">
        <Text flex="1 1 220px">{t('sampleData.there', { count: data.records })}</Text>
        <Button variant="default" onClick={() => setAsking(true)}>
          {t('sampleData.remove')}
        </Button>
      </Group>
      <RemoveSampleData opened={asking} onClose={() => setAsking(false)} />
    </Paper>
  );
}

function RemoveSampleData({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('crm');
  const remove = useRemoveSampleData();
  const notify = useNotifyRefusal();
  return (
    <Confirm
      opened={opened}
      title={t('sampleData.removeTitle')}
      text={t('sampleData.removeText')}
      confirm={t('sampleData.remove')}
      pending={remove.isPending}
      onConfirm={() => remove.mutate(undefined, { onError: notify, onSettled: onClose })}
      onClose={onClose}
    />
  );
}
