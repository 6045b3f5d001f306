/**
 * The state of a backend in memory and its rules, as far as the web app can tell them from the real
 * ones. It must not be mistaken for a specification: the server's own tests are that.
 */
import type { Account, components, FieldError, Job, Session } from '@abetworks/api-crm';
import { accountNumber } from './accounts.ts';
import { FakeFields } from './fields.ts';
import { type Lead, leadNumber } from './leads.ts';
import { OBJECTS, type ObjectDescription } from './objects.ts';
import { ADA, CODE, FakePeople } from './people.ts';
import { FakeTags } from './tags.ts';
import { FakeViews } from './views.ts';

export const INVITATION_TOKEN = 'invitation-for-ada';
export const PASSWORD = 'correct horse battery staple';

export const ADA_EMAIL = 'ada@example.com';
const LATER = '2099-01-01T00:00:00.000Z';
const MAX_NAME = 200;
const MAX_EMPLOYEES = 100_000_000;
const MIN_PASSWORD = 12;
/** What changes with every change. */
const ENGINE = ['version', 'updated_at'];

export type Task = components['schemas']['Task'];
export type Note = components['schemas']['Note'];
export type Row = Account | Lead | Task | Note;
export type RowValues = Record<string, unknown>;

interface Logo {
  type: string;
  bytes: ArrayBuffer;
}

interface Happened {
  about: string[];
  entry: { id: string; kind: string } & RowValues;
}

interface BackendOptions {
  accounts?: Account[];
  leads?: Lead[];
  tasks?: Task[];
  objects?: ObjectDescription[];
  signedIn?: boolean;
  state?: Session['state'];
}

function titleOf(row: Row): string {
  const { last_name, name, body } = row as unknown as RowValues;
  return String(last_name ?? name ?? body);
}

export class FakeBackend {
  organisation: Session['organisation'] = {
    name: 'Acme Inc.',
    registration: false,
    single_sign_on: null,
    logo_version: null,
  };
  logo: Logo | undefined;
  readonly people = new FakePeople(ADA_EMAIL, 'Ada Lovelace');
  accounts: Account[];
  leads: Lead[];
  tasks: Task[];
  notes: Note[] = [];
  /** As records were before they changed. */
  private past: Row[] = [];
  readonly happened: Happened[] = [];
  readonly fields: FakeFields;
  readonly tags = new FakeTags();
  rates: components['schemas']['CurrencyRate'][] = [];
  readonly views = new FakeViews();
  /** What was asked to be exported. */
  readonly exported: components['schemas']['ExportRequest'][] = [];
  /** Ids of the records to try the CRM with. */
  samples = new Set<string>();
  signedIn: boolean;
  state: Session['state'];
  stateReason: Session['state_reason'] = null;
  password = PASSWORD;
  private name = 'Ada Lovelace';
  private invitationOpen = true;
  /** Whether the invited person is there already, with a second factor. */
  invitationAsksCode = false;
  private readonly jobs = new Map<string, Job>();
  private removed: { path: string; row: Row }[] = [];
  private made = 500_000;
  private readonly answered = new Map<string, Row>();

  constructor({
    accounts = [],
    leads = [],
    tasks = [],
    objects = OBJECTS,
    signedIn = false,
    state = 'Active',
  }: BackendOptions = {}) {
    this.accounts = accounts;
    this.leads = leads;
    this.tasks = tasks;
    this.fields = new FakeFields(objects);
    this.signedIn = signedIn;
    this.state = state;
  }

  /** As the registry tells them, with the fields that were made. */
  get objects(): ObjectDescription[] {
    return this.fields.objects();
  }

  session(): Session {
    const { rules, profile } = this.people;
    return {
      id: accountNumber(1).id,
      user: { id: ADA, name: this.name, email: ADA_EMAIL },
      organisation: this.organisation,
      state: this.state,
      state_reason: this.stateReason ?? null,
      second_factor_required: rules.second_factor_required && !profile.second_factor,
      expires_at: LATER,
    };
  }

  /** With a second factor the right password does not sign in yet. */
  signIn(email: string, password: string): 'refused' | 'second-step' | 'entered' {
    if (email !== ADA_EMAIL || password !== this.password) return 'refused';
    if (this.people.profile.second_factor) return 'second-step';
    this.signedIn = true;
    return 'entered';
  }

  takeCode(code: string): boolean {
    this.signedIn = code === CODE;
    return this.signedIn;
  }

  setPassword(password: string, pointer: string): FieldError[] {
    if (password.length < MIN_PASSWORD) {
      return [{ pointer, code: 'password-too-short', params: { min: MIN_PASSWORD } }];
    }
    this.password = password;
    return [];
  }

  invitation(token: string) {
    const usable = token === INVITATION_TOKEN && this.invitationOpen;
    return usable
      ? {
          email: ADA_EMAIL,
          name: this.name,
          organisation: this.organisation.name,
          second_factor: this.invitationAsksCode,
        }
      : undefined;
  }

  accept(name: string, password: string, code?: string): FieldError[] {
    const errors = this.setPassword(password, '/password');
    if (this.invitationAsksCode && code !== CODE) {
      errors.push({ pointer: '/code', code: code === undefined ? 'required' : 'code-wrong' });
    }
    if (errors.length > 0) return errors;
    this.name = name;
    this.invitationOpen = false;
    this.signedIn = true;
    return [];
  }

  rows(path: string): Row[] {
    if (path === 'tasks') return this.tasks;
    if (path === 'notes') return this.notes;
    return path === 'leads' ? this.leads : this.accounts;
  }

  find(id: string): Row | undefined {
    return [...this.accounts, ...this.leads, ...this.tasks].find((row) => row.id === id);
  }

  check(path: string, values: RowValues, isNew: boolean): FieldError[] {
    const fields = this.objects.find((object) => object.path === path)?.fields ?? [];
    const errors = fields.flatMap(({ name, type, required, options }): FieldError[] => {
      const value = values[name];
      const pointer = `/${name}`;
      const asked = isNew ? options.length === 0 && type !== 'date_time' : name in values;
      if (required && asked && (value ?? '') === '') return [{ pointer, code: 'required' }];
      if (type === 'url' && value != null && !/^\S+\.\S+$/.test(String(value))) {
        return [{ pointer, code: 'not-a-web-address' }];
      }
      if (type === 'email' && value != null && !String(value).includes('@')) {
        return [{ pointer, code: 'not-an-email' }];
      }
      return [];
    });
    if (String(values.name ?? '').length > MAX_NAME) {
      errors.push({ pointer: '/name', code: 'too-long', params: { max: MAX_NAME } });
    }
    if (typeof values.employees === 'number' && values.employees < 0) {
      const params = { min: 0, max: MAX_EMPLOYEES };
      errors.push({ pointer: '/employees', code: 'out-of-range', params });
    }
    return errors;
  }

  /** What is sent again with its key makes nothing more. */
  once(key: string | null, make: () => Row): Row {
    const row = this.answered.get(key ?? '') ?? make();
    if (key !== null) this.answered.set(key, row);
    return row;
  }

  create(path: string, values: RowValues): Row {
    const now = new Date().toISOString();
    const times = { created_at: now, updated_at: now };
    this.made += 1;
    if (path === 'leads') {
      const blank = { first_name: null, email: null, value: null };
      const lead = leadNumber(this.made, { ...blank, ...(values as Partial<Lead>), ...times });
      this.leads = [...this.leads, lead];
      return lead;
    }
    const blank = { website: null, phone: null, industry: null, employees: null };
    const account = accountNumber(this.made, {
      ...blank,
      ...(values as Partial<Account>),
      ...times,
    });
    this.accounts = [...this.accounts, account];
    return account;
  }

  update(id: string, values: RowValues): Row {
    const before = this.find(id);
    if (before === undefined) throw new Error(`there is no record ${id}`);
    const after = {
      ...before,
      ...values,
      version: before.version + 1,
      updated_at: new Date().toISOString(),
    };
    const replace = <One extends Row>(row: One) => (row.id === id ? (after as One) : row);
    this.past.push(before);
    this.accounts = this.accounts.map(replace);
    this.leads = this.leads.map(replace);
    this.tasks = this.tasks.map(replace);
    this.tell(before, values);
    return after;
  }

  /** The fields that differ from what a record was in the version that `If-Match` names. */
  changedSince(id: string, match: string | null): string[] {
    const now = this.find(id) as RowValues | undefined;
    const then = this.past.find((row) => row.id === id && `"${row.version}"` === match);
    if (now === undefined || then === undefined) return [];
    const before = then as unknown as RowValues;
    return Object.keys(now).filter(
      (name) =>
        !ENGINE.includes(name) && JSON.stringify(now[name]) !== JSON.stringify(before[name]),
    );
  }

  trash(path: string): components['schemas']['TrashItem'][] {
    return this.removed
      .filter((one) => one.path === path)
      .map(({ row }) => ({
        id: row.id,
        version: row.version,
        title: titleOf(row),
        deleted_at: new Date().toISOString(),
        deleted_by: { id: ADA, name: this.name },
      }));
  }

  restore(path: string, id: string): Row | undefined {
    const found = this.removed.find(({ row }) => row.id === id)?.row;
    if (found === undefined) return undefined;
    this.removed = this.removed.filter(({ row }) => row.id !== id);
    if (path === 'leads') this.leads = [...this.leads, found as Lead];
    else if (path === 'tasks') this.tasks = [...this.tasks, found as Task];
    else this.accounts = [...this.accounts, found as Account];
    return found;
  }

  remove(id: string): void {
    const paths = ['accounts', 'leads', 'tasks'];
    const path = paths.find((one) => this.rows(one).some((row) => row.id === id));
    const row = this.find(id);
    if (path !== undefined && row !== undefined) this.removed.push({ path, row });
    this.accounts = this.accounts.filter((account) => account.id !== id);
    this.leads = this.leads.filter((lead) => lead.id !== id);
    this.tasks = this.tasks.filter((task) => task.id !== id);
  }

  setLogo(logo: Logo | undefined): void {
    this.made += 1;
    this.logo = logo;
    const logo_version = logo === undefined ? null : accountNumber(this.made).id;
    this.organisation = { ...this.organisation, logo_version };
  }

  private tell(before: Row, values: RowValues): void {
    const pairs = Object.entries(values).map(([name, now]) => {
      const old = (before as unknown as RowValues)[name] ?? null;
      return [name, { old, new: now }] as const;
    });
    const change = { kind: 'updated', changes: Object.fromEntries(pairs) };
    this.happened.unshift({ about: [before.id], entry: { ...this.stamp('change'), change } });
  }

  private stamp(kind: string) {
    this.made += 1;
    const at = new Date().toISOString();
    const actor = { id: ADA, name: this.name };
    return { id: accountNumber(this.made).id, at, kind, actor };
  }

  private linksTo(about: string[]) {
    const kind = (id: string) => (this.leads.some((lead) => lead.id === id) ? 'lead' : 'account');
    return about.map((id) => ({ object: kind(id), id }));
  }

  addNote(body: string, about: string[]): Note {
    const stamp = this.stamp('note');
    const times = { created_at: stamp.at, updated_at: stamp.at };
    const record: Note = { id: stamp.id, version: 1, body, links: this.linksTo(about), ...times };
    this.notes = [...this.notes, record];
    this.happened.unshift({ about, entry: { ...stamp, record } });
    return record;
  }

  /** Whether there were none. */
  addSamples(): boolean {
    if (this.samples.size > 0) return false;
    const [account, lead] = [accountNumber(901), leadNumber(902, { owner_id: ADA })];
    this.accounts = [...this.accounts, account];
    this.leads = [...this.leads, lead];
    this.samples = new Set([account.id, lead.id]);
    return true;
  }

  removeSamples(): void {
    this.accounts = this.accounts.filter(({ id }) => !this.samples.has(id));
    this.leads = this.leads.filter(({ id }) => !this.samples.has(id));
    this.samples = new Set();
  }

  addTask(values: Partial<Task>, about: string[]): Task {
    const stamp = this.stamp('task');
    const times = { created_at: stamp.at, updated_at: stamp.at };
    const more = { name: '', status: 'open', due_at: null, owner_id: ADA } as const;
    const links = this.linksTo(about);
    const task: Task = { ...more, links, ...values, id: stamp.id, version: 1, ...times };
    this.tasks = [...this.tasks, task];
    this.happened.unshift({ about, entry: stamp });
    return task;
  }

  /** A task is told as it is now. */
  timeline(id: string) {
    return this.happened
      .filter(({ about }) => about.includes(id))
      .map(({ entry }) =>
        entry.kind === 'task' ? { ...entry, record: this.find(entry.id) } : entry,
      );
  }

  startExport(asked: components['schemas']['ExportRequest']): Job {
    this.exported.push(asked);
    this.made += 1;
    const job: Job = {
      id: accountNumber(this.made).id,
      kind: 'export',
      state: 'queued',
      progress: { done: 0, total: this.accounts.length },
      result: null,
      error: null,
      created_at: new Date().toISOString(),
      finished_at: null,
    };
    this.jobs.set(job.id, job);
    return job;
  }

  /** Each look at a job moves it one step on: queued, half, done. */
  job(id: string): Job | undefined {
    const job = this.jobs.get(id);
    if (job === undefined || job.state === 'succeeded') return job;
    const next = job.state === 'queued' ? this.half(job) : this.finished(job);
    this.jobs.set(id, next);
    return next;
  }

  private half(job: Job): Job {
    const total = this.accounts.length;
    return { ...job, state: 'running', progress: { done: Math.floor(total / 2), total } };
  }

  private finished(job: Job): Job {
    const total = this.accounts.length;
    return {
      ...job,
      state: 'succeeded',
      progress: { done: total, total },
      result: {
        file_name: 'accounts.csv',
        rows: total,
        bytes: new TextEncoder().encode(this.csv()).length,
        expires_at: LATER,
      },
      finished_at: new Date().toISOString(),
    };
  }

  csv(): string {
    const lines = this.accounts.map(({ id, name, industry }) => `${id},${name},${industry ?? ''}`);
    return `${['id,name,industry', ...lines].join('\r\n')}\r\n`;
  }
}
