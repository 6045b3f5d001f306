// A real OpenID provider for tests of single sign-on: whoever `login_hint` names is signed in without being asked.
//
// Clients come as JSON in the variable CLIENTS. It listens on a free loopback port and prints its issuer. Whom it knows
// is told it by `PUT /people/<subject>`; `PUT /keys` makes it sign with other keys from then on.
import { createPrivateKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const clients = JSON.parse(process.env.CLIENTS ?? '[]');
const people = new Map();
const HOUR = 3600;
/** Clients of this name get tokens for a minute: a test can be late with one. */
const HASTY = 'hasty';

const DER = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
};

/**
 * A new key by way of DER. Exporting the key object that `generateKeyPairSync` gives can hang for ever in Node 20: the
 * export holds the key's lock, and where it sets off a garbage collection, the job that made the key waits for that lock
 * in its destructor, on the same thread.
 */
function signingKey(type, options, alg) {
  const key = generateKeyPairSync(type, { ...options, ...DER }).privateKey;
  const pair = createPrivateKey({ key, type: 'pkcs8', format: 'der' });
  return { ...pair.export({ format: 'jwk' }), alg, use: 'sig', kid: randomUUID() };
}

function signingKeys() {
  const rsa = signingKey('rsa', { modulusLength: 2048 }, 'RS256');
  return { keys: [rsa, signingKey('ec', { namedCurve: 'P-256' }, 'ES256')] };
}

async function grantEverything(context) {
  const { oidc } = context;
  const grant = new oidc.provider.Grant({
    clientId: oidc.client.clientId,
    accountId: oidc.session.accountId,
  });
  grant.addOIDCScope('openid email profile groups');
  await grant.save();
  return grant;
}

function provider(issuer) {
  return new Provider(issuer, {
    clients,
    jwks: signingKeys(),
    cookies: { keys: [randomBytes(32).toString('hex')] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name'],
      groups: ['groups'],
    },
    scopes: ['openid', 'email', 'profile', 'groups'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'HS256'] },
    features: { devInteractions: { enabled: false } },
    ttl: {
      IdToken: (_context, _token, client) => (client.clientId === HASTY ? 60 : HOUR),
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, accountId) => {
      const claims = people.get(accountId);
      return claims && { accountId, claims: () => ({ ...claims, sub: accountId }) };
    },
    loadExistingGrant: grantEverything,
  });
}

async function read(request) {
  let text = '';
  for await (const part of request) {
    text += part;
  }
  return JSON.parse(text || '{}');
}

async function interact(current, request, response) {
  const { params, prompt } = await current.interactionDetails(request, response);
  const result =
    prompt.name === 'login' && people.has(params.login_hint)
      ? { login: { accountId: params.login_hint } }
      : { error: 'access_denied', error_description: 'nobody of this name' };
  await current.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  // By name, so that whoever asks has to resolve it.
  const issuer = `http://localhost:${server.address().port}`;
  let current = provider(issuer);
  server.on('request', async (request, response) => {
    const [, area, name] = request.url.split('/');
    if (area === 'people' && request.method === 'PUT') {
      people.set(name, await read(request));
      response.writeHead(204).end();
    } else if (area === 'keys' && request.method === 'PUT') {
      current = provider(issuer);
      response.writeHead(204).end();
    } else if (area === 'interaction') {
      await interact(current, request, response);
    } else {
      await current.callback()(request, response);
    }
  });
  process.stdout.write(`${issuer}\n`);
});

// Whoever started it holds its input: gone with them.
process.stdin.on('end', () => process.exit()).resume();
