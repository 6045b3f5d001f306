/** msw handlers over a `FakeBackend`: the HTTP of the API, conventions included. */
import type { components } from '@abetworks/api-crm';
import { HttpResponse, http, type RequestHandler } from 'msw';
import { activityHandlers } from './activity-handlers.ts';
import { invalid, problem, refuseStale } from './answers.ts';
import type { FakeBackend, RowValues } from './backend.ts';
import { fieldHandlers } from './field-handlers.ts';
import { logoHandlers } from './logo-handlers.ts';
import { page } from './paging.ts';
import { peopleHandlers, resetHandlers } from './people-handlers.ts';
import { rateHandlers } from './rate-handlers.ts';
import { tagHandlers } from './tag-handlers.ts';
import { viewHandlers } from './view-handlers.ts';

const CHALLENGE = 'challenge-for-ada';

export function handlers(backend: FakeBackend, origin = '*'): RequestHandler[] {
  const base = `${origin}/api/v1`;
  return [
    ...sessionHandlers(backend, base),
    ...resetHandlers(backend, base),
    http.all(`${base}/*`, () => (backend.signedIn ? undefined : problem(401, 'unauthenticated'))),
    ...registryHandlers(backend, base),
    ...fieldHandlers(backend, base),
    ...rateHandlers(backend, base),
    ...logoHandlers(backend, base),
    ...tagHandlers(backend, base),
    ...viewHandlers(backend, base),
    ...peopleHandlers(backend, base),
    ...exportHandlers(backend, base),
    ...activityHandlers(backend, base),
    ...backend.objects.flatMap(({ path }) => recordHandlers(backend, base, path)),
  ];
}

function sessionHandlers(backend: FakeBackend, base: string): RequestHandler[] {
  return [
    http.get(`${base}/organisation`, () => HttpResponse.json(backend.organisation)),
    http.post(`${base}/sessions`, async ({ request }) => {
      const { email, password } = (await request.json()) as { email: string; password: string };
      const answer = backend.signIn(email, password);
      if (answer === 'refused') return problem(401, 'invalid-credentials');
      if (answer === 'entered') return HttpResponse.json(backend.session(), { status: 201 });
      return HttpResponse.json({ challenge: CHALLENGE, expires_at: backend.session().expires_at });
    }),
    http.post(`${base}/sessions/second-factor`, async ({ request }) => {
      const { challenge, code } = (await request.json()) as { challenge: string; code: string };
      if (challenge !== CHALLENGE) return problem(410, 'link-invalid');
      return backend.takeCode(code)
        ? HttpResponse.json(backend.session(), { status: 201 })
        : problem(401, 'invalid-credentials');
    }),
    http.get(`${base}/sessions/current`, () =>
      backend.signedIn ? HttpResponse.json(backend.session()) : problem(401, 'unauthenticated'),
    ),
    http.delete(`${base}/sessions/current`, () => {
      backend.signedIn = false;
      return new HttpResponse(null, { status: 204 });
    }),
    http.post(`${base}/invitations/check`, async ({ request }) => {
      const { token } = (await request.json()) as { token: string };
      const details = backend.invitation(token);
      return details === undefined
        ? problem(410, 'invitation-invalid')
        : HttpResponse.json(details);
    }),
    http.post(`${base}/invitations/accept`, async ({ request }) => {
      const body = (await request.json()) as {
        token: string;
        name: string;
        password: string;
        code?: string;
      };
      if (backend.invitation(body.token) === undefined) return problem(410, 'invitation-invalid');
      const errors = backend.accept(body.name, body.password, body.code);
      if (errors.length > 0) return invalid(errors);
      return HttpResponse.json(backend.session(), { status: 201 });
    }),
  ];
}

function registryHandlers(backend: FakeBackend, base: string): RequestHandler[] {
  return [http.get(`${base}/objects`, () => HttpResponse.json({ items: backend.objects }))];
}

function recordHandlers(backend: FakeBackend, base: string, path: string): RequestHandler[] {
  return [
    http.get(`${base}/${path}`, ({ request }) =>
      HttpResponse.json(page(backend.rows(path), new URL(request.url).searchParams)),
    ),
    http.post(`${base}/${path}`, async ({ request }) => {
      if (backend.state === 'ReadOnly') return problem(403, 'read-only');
      const values = (await request.json()) as RowValues;
      const errors = backend.check(path, values, true);
      if (errors.length > 0) return invalid(errors);
      const key = request.headers.get('Idempotency-Key');
      const row = backend.once(key, () => backend.create(path, values));
      return HttpResponse.json(row, { status: 201 });
    }),
    http.get(`${base}/${path}/:id`, ({ params }) => {
      const row = backend.find(String(params.id));
      return row === undefined ? problem(404, 'not-found') : HttpResponse.json(row);
    }),
    http.patch(`${base}/${path}/:id`, async ({ params, request }) => {
      const id = String(params.id);
      const changed = backend.changedSince(id, request.headers.get('If-Match'));
      const refused = refuseStale(request, backend.find(id), changed);
      if (refused !== undefined) return refused;
      const values = (await request.json()) as RowValues;
      const errors = backend.check(path, values, false);
      if (errors.length > 0) return invalid(errors);
      return HttpResponse.json(backend.update(String(params.id), values));
    }),
    http.delete(`${base}/${path}/:id`, ({ params, request }) => {
      const refused = refuseStale(request, backend.find(String(params.id)), []);
      if (refused !== undefined) return refused;
      backend.remove(String(params.id));
      return new HttpResponse(null, { status: 204 });
    }),
  ];
}

function exportHandlers(backend: FakeBackend, base: string): RequestHandler[] {
  return [
    http.post(`${base}/exports`, async ({ request }) => {
      const asked = (await request.json()) as components['schemas']['ExportRequest'];
      return HttpResponse.json(backend.startExport(asked), { status: 202 });
    }),
    http.head(`${base}/exports/:id/file`, () => new HttpResponse(null)),
    http.get(`${base}/jobs/:id`, ({ params }) => {
      const job = backend.job(String(params.id));
      return job === undefined ? problem(404, 'not-found') : HttpResponse.json(job);
    }),
    http.get(
      `${base}/exports/:id/file`,
      () =>
        new HttpResponse(backend.csv(), {
          headers: {
            'Content-Type': 'text/csv; charset=utf-8',
            'Content-Disposition': 'attachment; filename="accounts.csv"',
          },
        }),
    ),
  ];
}
