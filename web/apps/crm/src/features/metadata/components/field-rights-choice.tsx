/** Which roles see a new field, and which change it. Afterwards the roles themselves say so. */
import { Fieldset, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import { rolesQuery } from '@/features/access/api/roles';
import { FIELD_RIGHTS, type FieldRight } from '@/features/access/rights';
import type { FieldValues } from '../custom-field';

interface FieldRightsChoiceProps {
  rights: FieldValues['rights'];
  onChange: (rights: FieldValues['rights']) => void;
}

export function FieldRightsChoice({ rights, onChange }: FieldRightsChoiceProps) {
  const { t } = useTranslation('crm');
  const roles = useQuery(rolesQuery(useClient())).data ?? [];
  return (
    <Fieldset legend={t('settings.fields.rights')} radius="md">
      <Stack gap="xs">
        {roles
          .filter(({ key }) => key !== 'admin')
          .map(({ id, name }) => (
            <Group key={id} justify="space-between" wrap="nowrap">
              <Text size="sm">{name}</Text>
              <NativeSelect
                size="xs"
                w={140}
                aria-label={t('settings.fields.rightOf', { role: name })}
                value={rights[id] ?? 'edit'}
                data={FIELD_RIGHTS.map((right) => ({
                  value: right,
                  label: t(`settings.roles.fieldRights.${right}`),
                }))}
                onChange={({ currentTarget: { value } }) =>
                  onChange({ ...rights, [id]: value as FieldRight })
                }
              />
            </Group>
          ))}
      </Stack>
    </Fieldset>
  );
}
