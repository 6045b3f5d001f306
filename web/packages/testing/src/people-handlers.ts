/** msw handlers of people: profile, sign-in rules, sessions, keys, roles, invitations. */
import type { components } from '@abetworks/api-crm';
import { HttpResponse, http, type RequestHandler } from 'msw';
import { empty, invalid, problem, refuseStale } from './answers.ts';
import type { FakeBackend } from './backend.ts';
import { CODE, PROVIDER, PROVIDER_CODE, PROVIDER_STATE, RESET_TOKEN } from './people.ts';

type Schemas = components['schemas'];

async function body<T>(request: Request): Promise<T> {
  return (await request.json()) as T;
}

const list = (items: unknown[]) => HttpResponse.json({ items, next: null, previous: null });

/** Those that need no session. */
export function resetHandlers(backend: FakeBackend, base: string): RequestHandler[] {
  const { people } = backend;
  return [
    http.post(`${base}/password-resets`, async ({ request }) => {
      if (!people.mail) return problem(409, 'conflict', { reason: 'no-mail' });
      const { email } = await body<Schemas['PasswordResetRequest']>(request);
      people.resetAsked.push(email);
      return new HttpResponse(null, { status: 202 });
    }),
    http.post(`${base}/registrations`, async ({ request }) => {
      if (!backend.organisation.registration) return problem(409, 'conflict', { reason: 'closed' });
      const { email } = await body<Schemas['RegistrationRequest']>(request);
      people.registrationAsked.push(email);
      return new HttpResponse(null, { status: 202 });
    }),
    http.post(`${base}/single-sign-on`, () =>
      backend.organisation.single_sign_on === null
        ? problem(409, 'conflict', { reason: 'no-single-sign-on' })
        : HttpResponse.json({ url: PROVIDER }),
    ),
    http.post(`${base}/single-sign-on/callback`, async ({ request }) => {
      const { code, state } = await body<Schemas['SingleSignOnAnswer']>(request);
      if (state !== PROVIDER_STATE) return problem(410, 'link-invalid');
      if (code !== PROVIDER_CODE) {
        return problem(403, 'single-sign-on-failed', { reason: 'provider-refused' });
      }
      backend.signedIn = true;
      return HttpResponse.json(backend.session(), { status: 201 });
    }),
    http.post(`${base}/password-resets/complete`, async ({ request }) => {
      const { token, password } = await body<Schemas['PasswordResetComplete']>(request);
      if (token !== RESET_TOKEN) return problem(410, 'link-invalid');
      const errors = backend.setPassword(password, '/password');
      return errors.length > 0 ? invalid(errors) : empty();
    }),
  ];
}

export function peopleHandlers(backend: FakeBackend, base: string): RequestHandler[] {
  return [
    ...profileHandlers(backend, base),
    ...sessionListHandlers(backend, base),
    ...keyHandlers(backend, base),
    ...invitationHandlers(backend, base),
    ...userHandlers(backend, base),
    ...roleHandlers(backend, base),
    ...teamHandlers(backend, base),
    ...operationsHandlers(backend, base),
    ...organisationHandlers(backend, base),
    ...singleSignOnHandlers(backend, base),
    http.get(`${base}/pipelines`, () => HttpResponse.json({ items: backend.people.pipelines })),
  ];
}

function organisationHandlers(backend: FakeBackend, base: string): RequestHandler[] {
  const { people } = backend;
  return [
    http.get(`${base}/sample-data`, () => HttpResponse.json({ records: backend.samples.size })),
    http.post(`${base}/sample-data`, () =>
      backend.addSamples()
        ? HttpResponse.json({ records: backend.samples.size }, { status: 201 })
        : problem(409, 'conflict', { reason: 'sample-data-exists' }),
    ),
    http.delete(`${base}/sample-data`, () => {
      backend.removeSamples();
      return empty();
    }),
    http.get(`${base}/organisation/settings`, () => HttpResponse.json(people.settings)),
    http.patch(`${base}/organisation/settings`, async ({ request }) => {
      const refused = refuseStale(request, people.settings, []);
      if (refused !== undefined) return refused;
      const patch = await body<Schemas['OrganisationPatch']>(request);
      if (patch.currency !== people.settings.currency) {
        return problem(409, 'conflict', { reason: 'amounts-exist' });
      }
      const { timezone, week_start, currency, version } = { ...people.settings, ...patch };
      people.settings = {
        version: version + 1,
        currency: currency ?? people.settings.currency,
        timezone: timezone ?? people.settings.timezone,
        week_start: week_start ?? people.settings.week_start,
      };
      return HttpResponse.json(people.settings);
    }),
    http.get(`${base}/sign-in-rules`, () => HttpResponse.json(people.rules)),
    http.patch(`${base}/sign-in-rules`, async ({ request }) => {
      const refused = refuseStale(request, people.rules, []);
      if (refused !== undefined) return refused;
      const {
        registration_domains = people.rules.registration_domains,
        registration_role_id = people.rules.registration_role_id,
        second_factor_required = people.rules.second_factor_required,
      } = await body<Schemas['SignInRulesPatch']>(request);
      if (registration_domains.length > 0 && registration_role_id === null) {
        return invalid([{ pointer: '/registration_role_id', code: 'required' }]);
      }
      backend.organisation.registration = registration_domains.length > 0;
      const version = people.rules.version + 1;
      people.rules = {
        version,
        registration_domains,
        registration_role_id,
        second_factor_required,
      };
      return HttpResponse.json(people.rules);
    }),
  ];
}

function singleSignOnHandlers({ people }: FakeBackend, base: string): RequestHandler[] {
  return [
    http.get(`${base}/single-sign-on/settings`, () => HttpResponse.json(people.singleSignOn)),
    http.patch(`${base}/single-sign-on/settings`, async ({ request }) => {
      const refused = refuseStale(request, people.singleSignOn, []);
      if (refused !== undefined) return refused;
      const { client_secret, ...patch } = await body<Schemas['SingleSignOnPatch']>(request);
      if (patch.enabled === true && patch.issuer !== PROVIDER) {
        return invalid([{ pointer: '/issuer', code: 'issuer-other', params: { found: PROVIDER } }]);
      }
      const { version, has_client_secret } = people.singleSignOn;
      people.singleSignOn = {
        ...people.singleSignOn,
        ...(patch as object),
        version: version + 1,
        has_client_secret: client_secret === undefined ? has_client_secret : client_secret !== null,
      };
      return HttpResponse.json(people.singleSignOn);
    }),
  ];
}

function profileHandlers(backend: FakeBackend, base: string): RequestHandler[] {
  const { people } = backend;
  const confirmed = async (request: Request) =>
    (await body<Schemas['PasswordConfirmation']>(request)).password === backend.password;
  const wrong = (pointer: string) => invalid([{ pointer, code: 'password-wrong' }]);
  return [
    http.get(`${base}/users/current`, () =>
      HttpResponse.json({ ...people.profile, areas: people.areas() }),
    ),
    http.patch(`${base}/users/current`, async ({ request }) => {
      const refused = refuseStale(request, people.profile, ['timezone']);
      if (refused !== undefined) return refused;
      const changes = await body<Schemas['ProfilePatch']>(request);
      const version = people.profile.version + 1;
      people.profile = { ...people.profile, ...(changes as object), version };
      return HttpResponse.json(people.profile);
    }),
    http.post(`${base}/users/current/password`, async ({ request }) => {
      const change = await body<Schemas['PasswordChange']>(request);
      if (change.current_password !== backend.password) return wrong('/current_password');
      const errors = backend.setPassword(change.new_password, '/new_password');
      return errors.length > 0 ? invalid(errors) : empty();
    }),
    http.post(`${base}/users/current/second-factor`, async ({ request }) => {
      if (!(await confirmed(request))) return wrong('/password');
      const secret = 'JBSWY3DPEHPK3PXP';
      const uri = `otpauth://totp/Acme:ada@example.com?secret=${secret}&issuer=Acme`;
      return HttpResponse.json({ secret, uri }, { status: 201 });
    }),
    http.post(`${base}/users/current/second-factor/confirm`, async ({ request }) => {
      const { code } = await body<Schemas['SecondFactorConfirm']>(request);
      if (code !== CODE) return invalid([{ pointer: '/code', code: 'code-wrong' }]);
      people.profile = { ...people.profile, second_factor: true };
      return HttpResponse.json({ recovery_codes: ['aaaa-bbbb', 'cccc-dddd'] });
    }),
    http.post(`${base}/users/current/second-factor/disable`, async ({ request }) => {
      if (!(await confirmed(request))) return wrong('/password');
      people.profile = { ...people.profile, second_factor: false };
      return empty();
    }),
  ];
}

function sessionListHandlers({ people }: FakeBackend, base: string): RequestHandler[] {
  return [
    http.get(`${base}/sessions`, () => list(people.sessions)),
    http.post(`${base}/sessions/end-others`, () => {
      const before = people.sessions.length;
      people.sessions = people.sessions.filter(({ current }) => current);
      return HttpResponse.json({ ended: before - people.sessions.length });
    }),
    http.delete(`${base}/sessions/:id`, ({ params }) => {
      people.sessions = people.sessions.filter(({ id }) => id !== params.id);
      return empty();
    }),
  ];
}

function keyHandlers({ people }: FakeBackend, base: string): RequestHandler[] {
  return [
    http.get(`${base}/api-keys`, () => list(people.apiKeys)),
    http.post(`${base}/api-keys`, async ({ request }) => {
      const input = await body<Schemas['ApiKeyCreate']>(request);
      if (input.scopes.length === 0) return invalid([{ pointer: '/scopes', code: 'required' }]);
      return HttpResponse.json(people.addKey(input), { status: 201 });
    }),
    http.delete(`${base}/api-keys/:id`, ({ params }) => {
      people.apiKeys = people.apiKeys.filter(({ id }) => id !== params.id);
      return empty();
    }),
  ];
}

function invitationHandlers({ people }: FakeBackend, base: string): RequestHandler[] {
  const guard = () => (people.manages('users') ? undefined : problem(403, 'forbidden'));
  return [
    http.get(`${base}/invitations`, () => guard() ?? list(people.invitations)),
    http.post(`${base}/invitations`, async ({ request }) => {
      const { email, name, role_ids } = await body<Schemas['InvitationCreate']>(request);
      if (people.users.some((user) => user.email === email)) {
        return problem(409, 'conflict', { reason: 'email-taken' });
      }
      return (
        guard() ?? HttpResponse.json(people.invite(email, name ?? '', role_ids), { status: 201 })
      );
    }),
    http.delete(`${base}/invitations/:id`, ({ params }) => {
      people.invitations = people.invitations.filter(({ id }) => id !== params.id);
      return guard() ?? empty();
    }),
  ];
}

function userHandlers({ people }: FakeBackend, base: string): RequestHandler[] {
  return [
    http.get(`${base}/users`, () => list(people.users)),
    http.patch(`${base}/users/:id`, async ({ params, request }) => {
      const user = people.users.find(({ id }) => id === params.id);
      const refused = refuseStale(request, user, ['role_ids']);
      if (user === undefined || refused !== undefined) return refused;
      const { hand_over_to, ...changes } = await body<Schemas['UserPatch']>(request);
      const after = { ...user, ...(changes as Partial<typeof user>), version: user.version + 1 };
      const all = people.users.map((candidate) => (candidate.id === after.id ? after : candidate));
      const admin = people.roles.find(({ key }) => key === 'admin')?.id ?? '';
      if (!all.some(({ active, role_ids }) => active && role_ids.includes(admin))) {
        return problem(409, 'conflict', { reason: 'last-admin' });
      }
      if (hand_over_to !== undefined) people.handedOver.push({ from: user.id, to: hand_over_to });
      people.users = all;
      return HttpResponse.json(after);
    }),
    http.post(`${base}/users/:id/password-reset`, () =>
      HttpResponse.json(
        { url: 'http://crm.localhost/reset#abc', expires_at: '2099-01-01T00:00:00.000Z' },
        { status: 201 },
      ),
    ),
    http.delete(`${base}/users/:id/second-factor`, () => empty()),
  ];
}

function roleHandlers({ people }: FakeBackend, base: string): RequestHandler[] {
  const one = (id: unknown) => people.roles.find((role) => role.id === id);
  const guard = () => (people.manages('roles') ? undefined : problem(403, 'forbidden'));
  const builtIn = () => problem(409, 'conflict', { reason: 'built-in' });
  return [
    http.get(`${base}/roles`, () =>
      HttpResponse.json({
        items: people.roles.map(({ levels: _, fields: __, areas: ___, ...role }) => role),
      }),
    ),
    http.get(`${base}/roles/:id`, ({ params }) => {
      const role = one(params.id);
      return guard() ?? (role === undefined ? problem(404, 'not-found') : HttpResponse.json(role));
    }),
    http.post(`${base}/roles`, async ({ request }) => {
      const input = await body<Schemas['RoleInput']>(request);
      if ((input.name ?? '') === '') return invalid([{ pointer: '/name', code: 'required' }]);
      return guard() ?? HttpResponse.json(people.addRole(input), { status: 201 });
    }),
    http.patch(`${base}/roles/:id`, async ({ params, request }) => {
      const role = one(params.id);
      if (role?.key === 'admin') return builtIn();
      const refused = guard() ?? refuseStale(request, role, ['lead.read']);
      if (refused !== undefined) return refused;
      return HttpResponse.json(people.changeRole(String(params.id), await body(request)));
    }),
    http.delete(`${base}/roles/:id`, ({ params, request }) => {
      const role = one(params.id);
      const refused = guard() ?? refuseStale(request, role, []);
      if (refused !== undefined) return refused;
      if (role?.key !== null) return builtIn();
      if (role.users > 0) return problem(409, 'conflict', { reason: 'in-use' });
      people.roles = people.roles.filter(({ id }) => id !== role.id);
      return empty();
    }),
  ];
}

function teamHandlers({ people }: FakeBackend, base: string): RequestHandler[] {
  const one = (id: unknown) => people.teams.find((team) => team.id === id);
  return [
    http.get(`${base}/teams`, () => HttpResponse.json({ items: people.teams })),
    http.post(`${base}/teams`, async ({ request }) => {
      const {
        name = '',
        parent_id = null,
        members = [],
      } = await body<Schemas['TeamInput']>(request);
      if (name === '') return invalid([{ pointer: '/name', code: 'required' }]);
      const team = { id: people.nextId(), version: 1, name, parent_id, members };
      people.teams = [...people.teams, team];
      return HttpResponse.json(team, { status: 201 });
    }),
    http.patch(`${base}/teams/:id`, async ({ params, request }) => {
      const team = one(params.id);
      const refused = refuseStale(request, team, ['name']);
      if (team === undefined || refused !== undefined) return refused;
      const changes = (await body(request)) as Partial<typeof team>;
      const after = { ...team, ...changes, version: team.version + 1 };
      people.teams = people.teams.map((other) => (other.id === after.id ? after : other));
      return HttpResponse.json(after);
    }),
    http.delete(`${base}/teams/:id`, ({ params, request }) => {
      const refused = refuseStale(request, one(params.id), []);
      if (refused !== undefined) return refused;
      if (people.teams.some(({ parent_id }) => parent_id === params.id)) {
        return problem(409, 'conflict', { reason: 'in-use' });
      }
      people.teams = people.teams.filter(({ id }) => id !== params.id);
      return empty();
    }),
  ];
}

function operationsHandlers({ people }: FakeBackend, base: string): RequestHandler[] {
  const turn = (id: unknown, state: Schemas['JobState']) => {
    people.jobs = people.jobs.map((job) => (job.id === id ? { ...job, state } : job));
    return HttpResponse.json(people.jobs.find((job) => job.id === id));
  };
  return [
    http.get(`${base}/jobs`, () => list(people.jobs)),
    http.post(`${base}/jobs/:id/cancel`, ({ params }) => turn(params.id, 'cancelled')),
    http.post(`${base}/jobs/:id/retry`, ({ params }) => turn(params.id, 'queued')),
    http.get(`${base}/audit`, ({ request }) => {
      const actor = new URL(request.url).searchParams.get('actor_id');
      return list(people.audit.filter((entry) => actor === null || entry.actor.id === actor));
    }),
  ];
}
