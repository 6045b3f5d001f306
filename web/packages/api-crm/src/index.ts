/** The CRM's API for TypeScript: generated types and client. `schema.ts` is generated. */
import type { components } from './schema';

export { type CrmClient, type CrmClientOptions, createCrmClient } from './client';
export type { components, paths } from './schema';

type Schemas = components['schemas'];
export type Account = Schemas['Account'];
export type AccountCreate = Schemas['AccountCreate'];
export type AccountList = Schemas['AccountList'];
export type AccountPatch = Schemas['AccountPatch'];
export type FieldError = Schemas['FieldError'];
export type InvitationDetails = Schemas['InvitationDetails'];
export type Job = Schemas['Job'];
export type Organisation = Schemas['Organisation'];
export type Session = Schemas['Session'];
