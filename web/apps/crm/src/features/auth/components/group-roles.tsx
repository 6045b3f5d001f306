/** Which of the provider's groups give which roles: a line for each. */
import {
  ActionIcon,
  Button,
  Fieldset,
  Group,
  NativeSelect,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SingleSignOnSettings } from '../api/single-sign-on';

type GroupRole = SingleSignOnSettings['group_roles'][number];

interface GroupRolesProps {
  value: GroupRole[];
  error: ReactNode;
  roles: { id: string; name: string }[];
  onChange: (value: GroupRole[]) => void;
}

export function GroupRoles({ value, error, roles, onChange }: GroupRolesProps) {
  const { t } = useTranslation('crm');
  const change = (at: number, line: GroupRole) =>
    onChange(value.map((given, index) => (index === at ? line : given)));
  const options = roles.map(({ id, name }) => ({ value: id, label: name }));
  const [first] = roles;
  return (
    <Fieldset legend={t('singleSignOn.groups')} variant="unstyled">
      <Stack gap="xs">
        <Text c="dimmed" size="sm">
          {t('singleSignOn.groupsText')}
        </Text>
        {value.map((line, index) => (
          // Lines have no name of their own, and none is moved.
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what tells lines apart
          <Group key={index} gap="xs" wrap="nowrap" align="flex-end">
            <TextInput
              flex={1}
              aria-label={t('singleSignOn.group', { number: index + 1 })}
              placeholder={t('singleSignOn.groupName')}
              value={line.group}
              onChange={(event) => change(index, { ...line, group: event.currentTarget.value })}
            />
            <NativeSelect
              flex={1}
              aria-label={t('singleSignOn.roleOf', { number: index + 1 })}
              data={options}
              value={line.role_id}
              onChange={(event) => change(index, { ...line, role_id: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              size="lg"
              aria-label={t('singleSignOn.removeGroup', { number: index + 1 })}
              onClick={() => onChange(value.filter((_, place) => place !== index))}
            >
              <IconX size={18} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        {error === undefined || error === null ? null : (
          <Text c="red" size="sm" role="alert">
            {error}
          </Text>
        )}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={first === undefined}
            onClick={() => {
              if (first !== undefined) onChange([...value, { group: '', role_id: first.id }]);
            }}
          >
            {t('singleSignOn.addGroup')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
