/** What somebody is offered to begin with while the organisation has no records yet. */

import { LinkButton } from '@abetworks/app-kit';
import { Group, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconFlask, IconForms, IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { may, type ObjectDescription } from '@/features/records/description';
import { ObjectIcon } from '@/features/records/object-icon';
import { useWordsOf } from '@/features/records/use-objects';
import { AddSampleData } from './sample-data';

/** The records that all others hang on. */
const FIRST = ['account', 'lead'];

interface WelcomeProps {
  objects: ObjectDescription[];
  /** What the person keeps of the settings. */
  areas: readonly string[];
}

export function Welcome({ objects, areas }: WelcomeProps) {
  const { t } = useTranslation('crm');
  const wordsOf = useWordsOf();
  const made = objects.filter((object) => FIRST.includes(object.name) && may(object, 'create'));
  return (
    <Paper component="section" withBorder radius="lg" p="lg" aria-label={t('welcome.title')}>
      <Title order={2} fz="lg">
        {t('welcome.title')}
      </Title>
      <Text c="dimmed" mb="md">
        {t('welcome.text')}
      </Text>
      <Stack gap="md">
        {made.map((object) => {
          const words = wordsOf(object);
          return (
            <Step
              key={object.name}
              icon={<ObjectIcon name={object.name} size={20} />}
              text={words.bent('about')}
              action={
                <LinkButton to="/$path/new" params={{ path: object.path }}>
                  {words.bent('new')}
                </LinkButton>
              }
            />
          );
        })}
        {areas.includes('organisation') ? (
          <Step
            icon={<IconFlask size={20} aria-hidden />}
            text={t('sampleData.text')}
            action={<AddSampleData />}
          />
        ) : null}
        {areas.includes('users') ? (
          <Step
            icon={<IconUsers size={20} aria-hidden />}
            text={t('welcome.invite')}
            action={
              <LinkButton variant="default" to="/settings/users">
                {t('welcome.toUsers')}
              </LinkButton>
            }
          />
        ) : null}
        {areas.includes('fields') ? (
          <Step
            icon={<IconForms size={20} aria-hidden />}
            text={t('welcome.fields')}
            action={
              <LinkButton variant="default" to="/settings/fields">
                {t('welcome.toFields')}
              </LinkButton>
            }
          />
        ) : null}
      </Stack>
    </Paper>
  );
}

interface StepProps {
  icon: ReactNode;
  text: string;
  action: ReactNode;
}

function Step({ icon, text, action }: StepProps) {
  return (
    <Group gap="md" wrap="wrap" align="center">
      <ThemeIcon size={40} radius="xl" variant="light" aria-hidden>
        {icon}
      </ThemeIcon>
      <Text flex="1 1 220px">{text}</Text>
      {action}
    </Group>
  );
}
