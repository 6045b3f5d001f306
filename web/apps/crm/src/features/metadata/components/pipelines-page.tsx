/** The ways of a sale with their stages, as they are. */

import { Loaded } from '@abetworks/app-kit';
import { Badge, Progress, Stack, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { pipelinesQuery } from '@/features/records/api/objects';
import { SettingsCard } from '@/features/settings/components/settings-card';
import { SettingsPage } from '@/features/settings/components/settings-page';

const COLOURS = { open: 'indigo', won: 'green', lost: 'gray' };

export function PipelinesPage() {
  const { t } = useTranslation('crm');
  const pipelines = useQuery(pipelinesQuery(useClient()));
  return (
    <SettingsPage title={t('settings.pipelines.title')} text={t('settings.pipelines.text')}>
      <Loaded query={pipelines}>
        {(list) => (
          <Stack gap="lg">
            {list.map(({ id, name, stages }) => (
              <SettingsCard key={id} title={name}>
                <Table verticalSpacing="xs">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('settings.pipelines.stage')}</Table.Th>
                      <Table.Th>{t('settings.pipelines.outcome')}</Table.Th>
                      <Table.Th>{t('settings.pipelines.probability')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {stages.map((stage) => (
                      <Table.Tr key={stage.id}>
                        <Table.Td>{stage.name}</Table.Td>
                        <Table.Td>
                          <Badge variant="light" color={COLOURS[stage.outcome]} tt="none">
                            {t(`settings.pipelines.outcomes.${stage.outcome}`)}
                          </Badge>
                        </Table.Td>
                        <Table.Td>
                          {stage.probability} %
                          <Progress.Root size="sm" aria-hidden>
                            <Progress.Section
                              value={stage.probability}
                              color={COLOURS[stage.outcome]}
                              withAria={false}
                            />
                          </Progress.Root>
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </SettingsCard>
            ))}
          </Stack>
        )}
      </Loaded>
    </SettingsPage>
  );
}
