/**
 * The state of a backend in memory and its rules, as far as the web app can tell them from the real
 * ones. It must not be mistaken for a specification: the server's own tests are that.
 */
import type { Account, AccountPatch, FieldError, Job, Session } from '@abetworks/api-crm';
import { accountNumber } from './accounts.ts';

export const INVITATION_TOKEN = 'invitation-for-ada';
export const PASSWORD = 'correct horse battery staple';

const EMAIL = 'ada@example.com';
const LATER = '2099-01-01T00:00:00.000Z';
const MAX_NAME = 200;
const MAX_EMPLOYEES = 100_000_000;
const MIN_PASSWORD = 12;

interface BackendOptions {
  accounts?: Account[];
  signedIn?: boolean;
  state?: Session['state'];
}

export class FakeBackend {
  readonly organisation = { name: 'Acme Inc.' };
  accounts: Account[];
  signedIn: boolean;
  state: Session['state'];
  private password = PASSWORD;
  private name = 'Ada Lovelace';
  private invitationOpen = true;
  private readonly jobs = new Map<string, Job>();
  private made = 500_000;

  constructor({ accounts = [], signedIn = false, state = 'Active' }: BackendOptions = {}) {
    this.accounts = accounts;
    this.signedIn = signedIn;
    this.state = state;
  }

  session(): Session {
    return {
      id: accountNumber(1).id,
      user: { id: accountNumber(2).id, name: this.name, email: EMAIL },
      organisation: this.organisation,
      state: this.state,
      expires_at: LATER,
    };
  }

  signIn(email: string, password: string): boolean {
    this.signedIn = email === EMAIL && password === this.password;
    return this.signedIn;
  }

  invitation(token: string) {
    const usable = token === INVITATION_TOKEN && this.invitationOpen;
    return usable
      ? { email: EMAIL, name: this.name, organisation: this.organisation.name }
      : undefined;
  }

  accept(name: string, password: string): FieldError[] {
    if (password.length < MIN_PASSWORD) {
      return [{ pointer: '/password', code: 'password-too-short', params: { min: MIN_PASSWORD } }];
    }
    this.name = name;
    this.password = password;
    this.invitationOpen = false;
    this.signedIn = true;
    return [];
  }

  find(id: string): Account | undefined {
    return this.accounts.find((account) => account.id === id);
  }

  check(values: AccountPatch): FieldError[] {
    const errors: FieldError[] = [];
    if (values.name !== undefined && values.name.trim() === '') {
      errors.push({ pointer: '/name', code: 'required' });
    }
    if ((values.name ?? '').length > MAX_NAME) {
      errors.push({ pointer: '/name', code: 'too-long', params: { max: MAX_NAME } });
    }
    if (values.website != null && !/^\S+\.\S+$/.test(values.website)) {
      errors.push({ pointer: '/website', code: 'not-a-web-address' });
    }
    if (values.employees != null && values.employees < 0) {
      errors.push({
        pointer: '/employees',
        code: 'out-of-range',
        params: { min: 0, max: MAX_EMPLOYEES },
      });
    }
    return errors;
  }

  create(values: AccountPatch): Account {
    const now = new Date().toISOString();
    const blank = { website: null, phone: null, industry: null, employees: null };
    this.made += 1;
    const account = accountNumber(this.made, {
      ...blank,
      ...values,
      created_at: now,
      updated_at: now,
    });
    this.accounts = [...this.accounts, account];
    return account;
  }

  update(id: string, values: AccountPatch): Account {
    const before = this.find(id);
    if (before === undefined) throw new Error(`there is no account ${id}`);
    const after: Account = {
      ...before,
      ...values,
      version: before.version + 1,
      updated_at: new Date().toISOString(),
    };
    this.accounts = this.accounts.map((account) => (account.id === id ? after : account));
    return after;
  }

  remove(id: string): void {
    this.accounts = this.accounts.filter((account) => account.id !== id);
  }

  startExport(): Job {
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
