/** `/settings`: a navigation of its own, beside the pages of the routes below. */
import { createFileRoute, Outlet } from '@tanstack/react-router';
import { SettingsFrame } from '@/features/settings/components/settings-frame';

export const Route = createFileRoute('/_app/settings')({ component: Settings });

function Settings() {
  return (
    <SettingsFrame>
      <Outlet />
    </SettingsFrame>
  );
}
