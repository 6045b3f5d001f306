/** For tests and for developing without a server: a backend in memory, typed from the schema. */
export { accountNumber, accounts } from './accounts.ts';
export { problem } from './answers.ts';
export { ADA_EMAIL, FakeBackend, INVITATION_TOKEN, PASSWORD } from './backend.ts';
export { handlers } from './handlers.ts';
export { leadNumber } from './leads.ts';
export { ACTIVITIES, OBJECTS } from './objects.ts';
export { ADA, ADMIN_ROLE, CODE, MEMBER_ROLE, RESET_TOKEN } from './people.ts';
