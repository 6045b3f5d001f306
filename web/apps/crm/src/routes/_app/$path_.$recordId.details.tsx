/** `/<objects>/<id>/details`: where a record's page was; links to it are kept elsewhere. */
import { createFileRoute, redirect } from '@tanstack/react-router';

export const Route = createFileRoute('/_app/$path_/$recordId/details')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$path/$recordId', params, search: true, replace: true });
  },
});
