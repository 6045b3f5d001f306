/** msw handlers of what hangs on records: notes, tasks, timelines. */
import type { components } from '@abetworks/api-crm';
import { HttpResponse, http, type RequestHandler } from 'msw';
import { invalid, problem } from './answers.ts';
import type { FakeBackend } from './backend.ts';

type Schemas = components['schemas'];

export function activityHandlers(backend: FakeBackend, base: string): RequestHandler[] {
  return [
    http.post(`${base}/notes`, async ({ request }) => {
      const { body, links } = (await request.json()) as Schemas['NoteCreate'];
      if (body.trim() === '') return invalid([{ pointer: '/body', code: 'required' }]);
      const about = links.map(({ id }) => id);
      return HttpResponse.json(backend.addNote(body, about), { status: 201 });
    }),
    http.post(`${base}/tasks`, async ({ request }) => {
      const { links, ...values } = (await request.json()) as Schemas['TaskCreate'];
      if (values.name.trim() === '') return invalid([{ pointer: '/name', code: 'required' }]);
      const about = (links ?? []).map(({ id }) => id);
      return HttpResponse.json(backend.addTask(values, about), { status: 201 });
    }),
    http.get(`${base}/trash`, ({ request }) => {
      const path = new URL(request.url).searchParams.get('object') ?? '';
      return HttpResponse.json({ items: backend.trash(path), next: null, previous: null });
    }),
    http.post(`${base}/:path/:id/restore`, ({ params }) => {
      const row = backend.restore(String(params.path), String(params.id));
      if (row === undefined) return problem(404, 'not-found');
      return HttpResponse.json(row);
    }),
    http.get(`${base}/:path/:id/timeline`, ({ params, request }) => {
      const id = String(params.id);
      if (backend.find(id) === undefined) return problem(404, 'not-found');
      const search = new URL(request.url).searchParams;
      const start = Number(search.get('cursor') ?? 0);
      const end = start + Number(search.get('limit') ?? 30);
      const all = backend.timeline(id);
      const next = end < all.length ? String(end) : null;
      return HttpResponse.json({ items: all.slice(start, end), next, previous: null });
    }),
  ];
}
