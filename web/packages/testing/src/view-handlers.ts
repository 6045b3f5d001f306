/** msw handlers of saved views. */
import type { components } from '@abetworks/api-crm';
import { HttpResponse, http, type RequestHandler } from 'msw';
import { empty, invalid, problem, refuseStale } from './answers.ts';
import type { FakeBackend } from './backend.ts';

type Schemas = components['schemas'];
type View = Schemas['View'];

export function viewHandlers({ views }: FakeBackend, base: string): RequestHandler[] {
  const one = (id: unknown) => views.all.find((view) => view.id === id);
  return [
    http.get(`${base}/views`, ({ request }) => {
      const object = new URL(request.url).searchParams.get('object');
      const items = views.all.filter((view) => object === null || view.object === object);
      return HttpResponse.json({ items });
    }),
    http.post(`${base}/views`, async ({ request }) => {
      const input = (await request.json()) as Schemas['ViewInput'];
      if ((input.name ?? '').trim() === '') {
        return invalid([{ pointer: '/name', code: 'required' }]);
      }
      return HttpResponse.json(views.add(input), { status: 201 });
    }),
    http.patch(`${base}/views/:id`, async ({ params, request }) => {
      const before = one(params.id);
      const refused = refuseStale(request, before, []);
      if (before === undefined || refused !== undefined) return refused;
      const input = (await request.json()) as Schemas['ViewInput'];
      const after = { ...before, ...(input as Partial<View>), version: before.version + 1 };
      return HttpResponse.json(views.put(after));
    }),
    http.delete(`${base}/views/:id`, ({ params, request }) => {
      const refused = refuseStale(request, one(params.id), []);
      if (refused !== undefined) return refused;
      views.all = views.all.filter(({ id }) => id !== params.id);
      return empty();
    }),
    http.put(`${base}/views/:id/preference`, async ({ params, request }) => {
      const view = one(params.id);
      if (view === undefined) return problem(404, 'not-found');
      const preference = (await request.json()) as Schemas['ViewPreference'];
      return HttpResponse.json(views.prefer(view, preference));
    }),
  ];
}
