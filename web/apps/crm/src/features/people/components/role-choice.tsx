/** Several roles to choose: each with what it is for. */
import { Checkbox, Stack } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Role } from '@/features/access/api/roles';

interface RoleChoiceProps {
  roles: Role[];
  input: GetInputPropsReturnType;
}

export function RoleChoice({ roles, input }: RoleChoiceProps) {
  const { t } = useTranslation('crm');
  return (
    <Checkbox.Group label={t('settings.users.roles')} {...input}>
      <Stack gap="xs" mt={4}>
        {roles.map(({ id, name, description }) => (
          <Checkbox key={id} value={id} label={name} description={description} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
