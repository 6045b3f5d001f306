/** `/settings`: a navigation of its own, beside the pages of the routes below. */
import { useQuery } from '@tanstack/react-query';
import { createFileRoute, Outlet } from '@tanstack/react-router';
import { useClient } from '@/app/context';
import { profileQuery } from '@/features/people/api/profile';
import { SettingsFrame } from '@/features/settings/components/settings-frame';

export const Route = createFileRoute('/_app/settings')({ component: Settings });

function Settings() {
  const areas = useQuery(profileQuery(useClient())).data?.areas ?? [];
  return (
    <SettingsFrame areas={areas}>
      <Outlet />
    </SettingsFrame>
  );
}
