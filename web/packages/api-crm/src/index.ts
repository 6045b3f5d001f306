/** The CRM's API for TypeScript: generated types, client, problems. `schema.ts` is generated. */
import type { components } from './schema';

export { type CrmClient, type CrmClientOptions, createCrmClient, unwrap } from './client';
export { type FieldError, type Problem, ProblemError } from './problem';
export type { components, paths } from './schema';

type Schemas = components['schemas'];
export type Account = Schemas['Account'];
export type AccountCreate = Schemas['AccountCreate'];
export type AccountList = Schemas['AccountList'];
export type AccountPatch = Schemas['AccountPatch'];
export type InvitationDetails = Schemas['InvitationDetails'];
export type Job = Schemas['Job'];
export type Organisation = Schemas['Organisation'];
export type Session = Schemas['Session'];
