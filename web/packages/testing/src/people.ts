/** The people of a backend in memory: who they are, what roles give, how they sign in. */
import type { components } from '@abetworks/api-crm';
import { OBJECTS } from './objects.ts';

type Schemas = components['schemas'];
export type User = Schemas['User'];
export type RoleDetails = Schemas['RoleDetails'];
export type Matrix = Required<Schemas['Matrix']>;

/** The code that the authenticator app of every person here shows. */
export const CODE = '123456';
export const RESET_TOKEN = 'reset-for-ada';
/** The organisation's provider, and the one answer of it that holds. */
export const PROVIDER = 'https://id.example.com';
export const PROVIDER_CODE = 'code-of-ada';
export const PROVIDER_STATE = 'state-of-ada';

const DAY = '2026-01-02T09:00:00.000Z';
const LATER = '2099-01-01T00:00:00.000Z';
const AREAS = [
  'users',
  'teams',
  'roles',
  'fields',
  'pipelines',
  'organisation',
  'jobs',
  'audit',
  'api_keys',
  'security',
] as const;
const ACTIONS = ['create', 'read', 'update', 'delete', 'export', 'import', 'assign', 'erase'];

function uuid(number: number): string {
  return `01950000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

export const ADMIN_ROLE = uuid(1);
export const MEMBER_ROLE = uuid(2);
export const ADA = '01930000-0000-7000-8000-000000000002';

function everywhere(level: Schemas['Level']): Matrix['levels'] {
  const actions = Object.fromEntries(ACTIONS.map((action) => [action, level]));
  return Object.fromEntries(OBJECTS.map(({ name }) => [name, actions]));
}

function role(id: string, name: string, key: string | null, matrix: Partial<Matrix>): RoleDetails {
  const none = { levels: {}, fields: {}, areas: {} };
  return { id, key, version: 1, name, description: null, users: 1, ...none, ...matrix };
}

export class FakePeople {
  profile: Schemas['Profile'];
  users: User[];
  roles: RoleDetails[] = [
    role(ADMIN_ROLE, 'Administrator', 'admin', {
      levels: everywhere('all'),
      areas: Object.fromEntries(AREAS.map((area) => [area, true])),
    }),
    role(MEMBER_ROLE, 'Member', 'member', { levels: everywhere('team') }),
  ];
  invitations: Schemas['OpenInvitation'][] = [];
  sessions: Schemas['OwnSession'][];
  apiKeys: Schemas['ApiKey'][] = [];
  pipelines: Schemas['Pipeline'][] = [
    {
      id: uuid(40),
      version: 1,
      name: 'Sales',
      stages: [
        { id: uuid(41), name: 'Proposal', probability: 40, outcome: 'open' },
        { id: uuid(42), name: 'Signed', probability: 100, outcome: 'won' },
        { id: uuid(43), name: 'Lost', probability: 0, outcome: 'lost' },
      ],
    },
  ];
  teams: Schemas['TeamBody'][] = [];
  jobs: Schemas['ListedJob'][] = [];
  audit: Schemas['AuditEntry'][] = [];
  /** Whether a mail server is there to send links. */
  mail = true;
  resetAsked: string[] = [];
  registrationAsked: string[] = [];
  handedOver: { from: string; to: string }[] = [];
  settings: Schemas['OrganisationSettings'] = {
    version: 1,
    currency: 'EUR',
    timezone: 'UTC',
    week_start: 1,
  };
  rules: Schemas['SignInRulesBody'] = {
    version: 1,
    registration_domains: [],
    registration_role_id: null,
    second_factor_required: false,
  };
  singleSignOn: Schemas['SingleSignOnBody'] = {
    version: 1,
    enabled: false,
    issuer: null,
    client_id: null,
    has_client_secret: false,
    label: '',
    passwords: true,
    creates_people: false,
    default_role_id: null,
    groups_claim: null,
    group_roles: [],
    redirect_uri: 'http://crm.localhost/single-sign-on/callback',
  };
  private made = 100;

  constructor(email: string, name: string) {
    this.profile = {
      id: ADA,
      version: 1,
      email,
      name,
      role_ids: [ADMIN_ROLE],
      second_factor: false,
      areas: [...AREAS],
      language: null,
      timezone: null,
      number_format: null,
      date_format: null,
      theme: null,
    };
    const times = { created_at: DAY, updated_at: DAY };
    const more = { version: 1, role_ids: [ADMIN_ROLE], active: true, ...times };
    this.users = [{ id: ADA, name, email, ...more }];
    const opened = { created_at: DAY, last_seen_at: DAY, expires_at: LATER };
    this.sessions = [
      {
        id: uuid(50),
        current: true,
        user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36',
        client_address: '192.0.2.1',
        ...opened,
      },
      {
        id: uuid(51),
        current: false,
        user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/605.1.15',
        client_address: '192.0.2.2',
        ...opened,
      },
    ];
  }

  nextId(): string {
    this.made += 1;
    return uuid(this.made);
  }

  /** The areas of the settings that the person signed in manages. */
  areas(): (typeof AREAS)[number][] {
    return AREAS.filter((area) => this.manages(area));
  }

  /** Whether the person signed in manages an area of the settings. */
  manages(area: (typeof AREAS)[number]): boolean {
    return this.roles.some(
      ({ id, areas }) => this.profile.role_ids.includes(id) && areas?.[area] === true,
    );
  }

  addUser(name: string, email: string, roleIds: string[]): User {
    const times = { created_at: DAY, updated_at: DAY };
    const user = { id: this.nextId(), version: 1, name, email, role_ids: roleIds, active: true };
    this.users = [...this.users, { ...user, ...times }];
    return { ...user, ...times };
  }

  invite(email: string, name: string, roleIds: string[]): Schemas['NewInvitation'] {
    const open = { id: this.nextId(), email, name, role_ids: roleIds };
    const invitation = { ...open, created_at: DAY, expires_at: LATER };
    this.invitations = [invitation, ...this.invitations];
    return { ...invitation, url: `http://crm.localhost/invite#token-${open.id}` };
  }

  addRole(input: Schemas['RoleInput']): RoleDetails {
    const made = { ...role(this.nextId(), input.name ?? '', null, input.rights ?? {}), users: 0 };
    this.roles = [...this.roles, { ...made, description: input.description ?? null }];
    return made;
  }

  changeRole(id: string, input: Schemas['RoleInput']): RoleDetails | undefined {
    this.roles = this.roles.map((before) =>
      before.id === id ? { ...merged(before, input), version: before.version + 1 } : before,
    );
    return this.roles.find((candidate) => candidate.id === id);
  }

  addKey(input: Schemas['ApiKeyCreate']): Schemas['NewApiKey'] {
    const id = this.nextId();
    const more = { prefix: 'abk_12345678', created_at: DAY, last_used_at: null };
    const key = { id, ...input, ...more };
    this.apiKeys = [key, ...this.apiKeys];
    return { ...key, secret: `${more.prefix}-the-rest` };
  }
}

/** What is not named stays. */
function merged(before: RoleDetails, { name, description, rights }: Schemas['RoleInput']) {
  const two = <T>(one: Record<string, T> | undefined, other: Record<string, T> | undefined) => ({
    ...one,
    ...Object.fromEntries(
      Object.entries(other ?? {}).map(([key, value]) => [key, { ...one?.[key], ...value }]),
    ),
  });
  return {
    ...before,
    name: name ?? before.name,
    description: description === undefined ? before.description : description,
    levels: two(before.levels, rights?.levels),
    fields: two(before.fields, rights?.fields),
    areas: { ...before.areas, ...rights?.areas },
  };
}
