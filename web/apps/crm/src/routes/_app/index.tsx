/** `/`: the first thing to see after signing in. */
import { createFileRoute, redirect } from '@tanstack/react-router';
import { listed, may } from '@/features/records/description';

export const Route = createFileRoute('/_app/')({
  beforeLoad: ({ context }) => {
    const objects = listed(context.objects);
    // Who may see none of them is told so where the first would be.
    const first = objects.find((object) => may(object, 'read')) ?? objects[0];
    if (first !== undefined) throw redirect({ to: '/$path', params: { path: first.path } });
  },
});
