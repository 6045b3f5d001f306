/** For tests and for developing without a server: a backend in memory, typed from the schema. */
export { accountNumber, accounts } from './accounts';
export { FakeBackend, INVITATION_TOKEN, PASSWORD } from './backend';
export { handlers } from './handlers';
