/** Inviting somebody, with the roles that they get. */

import { Dialog, useServerForm } from '@abetworks/app-kit';
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Role } from '@/features/access/api/roles';
import { useInvite } from '../api/people';
import { RoleChoice } from './role-choice';

interface InviteFormProps {
  roles: Role[];
  onInvited: (invitation: { email: string; url: string }) => void;
}

interface InviteDialogProps extends InviteFormProps {
  onClose: () => void;
}

export function InviteDialog({ onClose, ...form }: InviteDialogProps) {
  const { t } = useTranslation('crm');
  return (
    <Dialog opened onClose={onClose} title={t('settings.users.inviteTitle')}>
      <InviteForm {...form} />
    </Dialog>
  );
}

function InviteForm({ roles, onInvited }: InviteFormProps) {
  const { t } = useTranslation(['crm', 'kit']);
  const invite = useInvite();
  const ordinary = roles.filter(({ key }) => key === 'member').map(({ id }) => id);
  const { form, refusal, clear, refuse } = useServerForm(
    { email: '', name: '', role_ids: ordinary },
    ['email', 'name', 'role_ids'],
  );
  const submit = form.onSubmit((values) => {
    clear();
    invite.mutate(values, { onSuccess: onInvited, onError: refuse });
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {refusal === undefined ? null : <Alert color="red">{refusal}</Alert>}
        <TextInput
          label={t('kit:signIn.email')}
          type="email"
          data-autofocus
          {...form.getInputProps('email')}
        />
        <TextInput label={t('settings.users.name')} {...form.getInputProps('name')} />
        <RoleChoice roles={roles} input={form.getInputProps('role_ids')} />
        <Group justify="flex-end">
          <Button type="submit" loading={invite.isPending}>
            {t('settings.users.sendInvitation')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
