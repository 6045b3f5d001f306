/** msw handlers of tags. */
import type { components } from '@abetworks/api-crm';
import { HttpResponse, http, type RequestHandler } from 'msw';
import { empty, invalid, problem, refuseStale } from './answers.ts';
import type { FakeBackend } from './backend.ts';

type TagInput = components['schemas']['TagInput'];

export function tagHandlers({ tags, people }: FakeBackend, base: string): RequestHandler[] {
  const guard = () => (people.manages('fields') ? undefined : problem(403, 'forbidden'));
  const one = (id: unknown) => tags.all.find((tag) => tag.id === id);
  const taken = () => problem(409, 'conflict', { field: 'name', reason: 'taken' });
  return [
    http.get(`${base}/tags`, () => HttpResponse.json({ items: tags.all })),
    http.post(`${base}/tags`, async ({ request }) => {
      const input = (await request.json()) as TagInput;
      if ((input.name ?? '').trim() === '')
        return invalid([{ pointer: '/name', code: 'required' }]);
      if (tags.isTaken(input.name)) return taken();
      return HttpResponse.json(tags.add(input), { status: 201 });
    }),
    http.patch(`${base}/tags/:id`, async ({ params, request }) => {
      const before = one(params.id);
      const refused = guard() ?? refuseStale(request, before, ['name']);
      if (before === undefined || refused !== undefined) return refused;
      const input = (await request.json()) as TagInput;
      if (tags.isTaken(input.name, before.id)) return taken();
      return HttpResponse.json(tags.change(before, input));
    }),
    http.delete(`${base}/tags/:id`, ({ params, request }) => {
      const refused = guard() ?? refuseStale(request, one(params.id), []);
      if (refused !== undefined) return refused;
      tags.remove(String(params.id));
      return empty();
    }),
  ];
}
