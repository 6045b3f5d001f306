/** One's API keys: made, shown once, revoked. */

import {
  Confirm,
  Dialog,
  Loaded,
  ShownOnce,
  useNotifyRefusal,
  useServerForm,
} from '@abetworks/app-kit';
import { formatDate, StateView } from '@abetworks/ui';
import {
  Alert,
  Badge,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Stack,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { SettingsPage } from '@/features/settings/components/settings-page';
import { type ApiKey, apiKeysQuery, useCreateApiKey, useRevokeApiKey } from '../api/api-keys';

export function ApiKeysPage() {
  const { t } = useTranslation('crm');
  const keys = useQuery(apiKeysQuery(useClient()));
  const [making, { open, close }] = useDisclosure(false);
  const [secret, setSecret] = useState<string>();
  return (
    <SettingsPage
      title={t('settings.apiKeys.title')}
      text={t('settings.apiKeys.text')}
      action={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
          {t('settings.apiKeys.new')}
        </Button>
      }
    >
      {secret === undefined ? null : (
        <ShownOnce
          title={t('settings.apiKeys.made')}
          text={t('settings.apiKeys.madeText')}
          value={secret}
        />
      )}
      <Loaded query={keys}>
        {(list) =>
          list.length === 0 ? (
            <StateView
              icon={<IconKey aria-hidden />}
              title={t('settings.apiKeys.none')}
              text={t('settings.apiKeys.noneText')}
            />
          ) : (
            <KeyTable keys={list} />
          )
        }
      </Loaded>
      <Dialog opened={making} onClose={close} title={t('settings.apiKeys.new')}>
        <NewKey
          onMade={(made) => {
            setSecret(made);
            close();
          }}
        />
      </Dialog>
    </SettingsPage>
  );
}

const SCOPES = ['read', 'write'] as const;
const DAYS = ['30', '90', '180', '365'];
const DAY_MS = 86_400_000;

function NewKey({ onMade }: { onMade: (secret: string) => void }) {
  const { t } = useTranslation('crm');
  const create = useCreateApiKey();
  const { form, refusal, clear, refuse } = useServerForm(
    { name: '', scopes: ['read'] as ('read' | 'write')[], expires_at: '90' },
    ['name', 'scopes', 'expires_at'],
  );
  const submit = form.onSubmit(({ name, scopes, expires_at }) => {
    clear();
    // A minute less than whole days: the longest is a year by the server's clock.
    const until = new Date(Date.now() + Number(expires_at) * DAY_MS - 60_000).toISOString();
    create.mutate(
      { name, scopes, expires_at: until },
      { onSuccess: ({ secret }) => onMade(secret), onError: refuse },
    );
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <TextInput
          label={t('settings.apiKeys.name')}
          description={t('settings.apiKeys.nameHint')}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Checkbox.Group label={t('settings.apiKeys.scopes')} {...form.getInputProps('scopes')}>
          <Stack gap="xs" mt={4}>
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={t(`settings.apiKeys.${scope}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NativeSelect
          label={t('settings.apiKeys.lasts')}
          data={DAYS.map((value) => ({
            value,
            label: t('settings.apiKeys.days', { count: Number(value) }),
          }))}
          {...form.getInputProps('expires_at')}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending}>
            {t('settings.apiKeys.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function KeyTable({ keys }: { keys: ApiKey[] }) {
  const { t } = useTranslation('crm');
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.apiKeys.name')}</Table.Th>
            <Table.Th>{t('settings.apiKeys.scopes')}</Table.Th>
            <Table.Th>{t('settings.apiKeys.lastUsed')}</Table.Th>
            <Table.Th>{t('settings.apiKeys.until')}</Table.Th>
            <Table.Th>
              <VisuallyHidden>{t('settings.actions')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <KeyRow key={key.id} apiKey={key} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const { t, i18n } = useTranslation('crm');
  const [asking, { open, close }] = useDisclosure(false);
  const revoke = useRevokeApiKey();
  const notify = useNotifyRefusal();
  const over = new Date(apiKey.expires_at) < new Date();
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={500}>{apiKey.name}</Text>
        <Text size="sm" c="dimmed">
          {apiKey.prefix}…
        </Text>
      </Table.Td>
      <Table.Td>
        {apiKey.scopes
          .map((scope) => t(`settings.apiKeys.${scope as 'read' | 'write'}`))
          .join(', ')}
      </Table.Td>
      <Table.Td>
        {apiKey.last_used_at === null
          ? t('settings.apiKeys.never')
          : formatDate(apiKey.last_used_at, i18n.language)}
      </Table.Td>
      <Table.Td>
        {over ? (
          <Badge color="red" variant="light">
            {t('settings.apiKeys.over')}
          </Badge>
        ) : (
          formatDate(apiKey.expires_at, i18n.language)
        )}
      </Table.Td>
      <Table.Td ta="end">
        <Button
          variant="default"
          size="xs"
          aria-label={t('settings.apiKeys.revokeOf', { name: apiKey.name })}
          onClick={open}
        >
          {t('settings.apiKeys.revoke')}
        </Button>
        <Confirm
          opened={asking}
          title={t('settings.apiKeys.revokeOf', { name: apiKey.name })}
          text={t('settings.apiKeys.revokeText')}
          confirm={t('settings.apiKeys.revoke')}
          pending={revoke.isPending}
          onConfirm={() => revoke.mutate(apiKey.id, { onError: notify, onSettled: close })}
          onClose={close}
        />
      </Table.Td>
    </Table.Tr>
  );
}
