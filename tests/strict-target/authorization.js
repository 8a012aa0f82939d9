// The authorization server: npm's oidc-provider, and before it what RFC 6749 and ISO/IEC 30118-10, 7.1 ask of a client beyond what it checks.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';

const scopes = ['r:*', 'w:*', 'offline_access'];
const account = 'anna';

export class Authorization {
  #stores = new Map();
  #provider;
  #record;
  #handle;
  #settings;

  constructor(issuer, settings, record, revoked) {
    this.#record = record;
    this.#settings = settings;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#provider = new Provider(issuer, {
      adapter: name => this.#store(name),
      clients: [{
        client_id: settings.clientId, client_secret: settings.clientSecret, client_name: 'Origin', redirect_uris: settings.redirectUris,
        grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_basic', id_token_signed_response_alg: 'ES256',
      }],
      clientAuthMethods: ['client_secret_basic'],
      responseTypes: ['code'],
      scopes,
      pkce: { required: () => true },
      rotateRefreshToken: true,
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
      cookies: { keys: [randomBytes(16).toString('hex')] },
      features: { devInteractions: { enabled: false }, revocation: { enabled: true }, userinfo: { enabled: false }, rpInitiatedLogout: { enabled: false }, pushedAuthorizationRequests: { enabled: false }, dPoP: { enabled: false } },
      ttl: { AccessToken: settings.accessTokenLifetime, AuthorizationCode: 60, Grant: 86400, RefreshToken: 86400, Session: 3600, Interaction: 600, IdToken: 60 },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      renderError: (ctx, out) => { ctx.body = `<!DOCTYPE html><title>Error</title><p>${escape(out.error)}: ${escape(out.error_description ?? '')}</p>`; },
    });
    for (const name of ['authorization.error', 'grant.error', 'revocation.error', 'server_error']) {
      this.#provider.on(name, (ctx, error) => this.#fault(ctx, error));
    }
    this.#provider.on('grant.success', ctx => record.count(`token ${ctx.oidc.params.grant_type}`));
    this.#provider.on('grant.revoked', (_, grantId) => revoked(grantId));
    this.#handle = this.#provider.callback();
  }

  // Token to {account, client, grant, scopes}; undefined for one that is not valid, or not any more.
  async check(bearer) {
    const token = await this.#provider.AccessToken.find(bearer);
    return token && { account: token.accountId, client: token.clientId, grant: token.grantId, scopes: token.scopes };
  }

  // How many are alive.
  get tokens() {
    return Object.fromEntries(['AccessToken', 'RefreshToken', 'Grant'].map(name => [name, this.#store(name).count]));
  }

  expireAccessTokens() {
    this.#store('AccessToken').clear();
  }

  dropRefreshTokens() {
    this.#store('RefreshToken').clear();
  }

  handle(request, response) {
    const url = new URL(request.url, 'https://localhost');
    if (url.pathname === '/auth') return this.#authorize(url, request, response);
    if (url.pathname.startsWith('/interaction/')) return this.#interact(request, response);
    if (url.pathname === '/token' || url.pathname === '/token/revocation') {
      this.#record.count(url.pathname === '/token' ? 'token' : 'revocation');
      if (url.search) this.#record.refuse(request, 'parameters of the token endpoint belong into the body (RFC 6749, 3.2)');
      if (request.headers.cookie) this.#record.refuse(request, 'a cookie');
      if (!/^Basic [A-Za-z0-9+/]+=*$/.test(request.headers.authorization ?? '')) this.#record.refuse(request, 'no HTTP Basic authentication (ISO/IEC 30118-10, 7.1)');
    } else {
      this.#record.count('metadata');
    }
    this.#handle(request, response);
  }

  static owns(path) {
    return /^\/(auth|token|token\/revocation|jwks|interaction|\.well-known)(\/|$)/.test(path);
  }

  #authorize(url, request, response) {
    if (url.pathname !== '/auth') return this.#handle(request, response);
    const asked = url.searchParams;
    this.#record.count('authorization');
    const wrong =
      request.method !== 'GET' ? 'a browser comes with GET'
      : ['response_type', 'client_id', 'redirect_uri', 'scope', 'state', 'code_challenge', 'code_challenge_method'].find(name => asked.getAll(name).length !== 1)?.concat(' is there not once')
      ?? (asked.get('response_type') !== 'code' ? 'response_type is not code'
        : !this.#settings.redirectUris.includes(asked.get('redirect_uri')) ? 'redirect_uri is not the registered one'
        : asked.get('code_challenge_method') !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(asked.get('code_challenge')) ? 'no S256 challenge'
        : asked.get('state').length < 16 ? 'state can be guessed'
        : !asked.get('scope').split(' ').every(scope => scopes.includes(scope)) ? `scope ${asked.get('scope')}` : undefined);
    if (wrong) {
      this.#record.refuse(request, wrong);
      return response.writeHead(400, { 'content-type': 'text/plain' }).end(wrong);
    }
    // OpenID Connect Core, 11 wants a prompt for offline access; OAuth clients do not know it, and this user is always asked.
    asked.set('prompt', 'consent');
    request.url = url.pathname + url.search;
    this.#handle(request, response);
  }

  // One page for log-in and consent.
  async #interact(request, response) {
    let details;
    try {
      details = await this.#provider.interactionDetails(request, response);
    } catch (error) {
      return response.writeHead(400, { 'content-type': 'text/plain' }).end(error.message);
    }
    if (request.method === 'GET') {
      return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<!DOCTYPE html><html lang="en"><title>Strict Cloud</title>
<h1>Strict Cloud</h1><p>Let Origin work with the devices of ${account}: ${escape(details.params.scope)}?</p>
<form method="post" action="/interaction/${details.uid}"><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form></html>`);
    }
    let form = '';
    for await (const chunk of request) form += chunk;
    if (new URLSearchParams(form).get('decision') !== 'allow') {
      return this.#provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'The user said no.' });
    }
    const grant = new this.#provider.Grant({ accountId: account, clientId: details.params.client_id });
    grant.addOIDCScope(details.params.scope);
    const grantId = await grant.save();
    await this.#provider.interactionFinished(request, response, { login: { accountId: account }, consent: { grantId } }, { mergeWithLastSubmission: false });
  }

  #fault(ctx, error) {
    const text = `${error.error ?? error.name}: ${error.error_description ?? error.message}${error.error_detail ? ` (${error.error_detail})` : ''}`;
    // What a client cannot know beforehand: the user said no, or the token has gone.
    if (error.error === 'access_denied' || error.error === 'invalid_grant') this.#record.decline(ctx.req, text);
    else this.#record.refuse(ctx.req, text);
  }

  #store(name) {
    if (!this.#stores.has(name)) this.#stores.set(name, new Store(this.#stores));
    return this.#stores.get(name);
  }
}

// An adapter of oidc-provider in memory, which a test can look into.
class Store {
  #items = new Map();
  #all;

  constructor(all) {
    this.#all = all;
  }

  get count() {
    return [...this.#items.values()].filter(item => !item.consumed && !(item.exp * 1000 < Date.now())).length;
  }

  clear() {
    this.#items.clear();
  }

  async upsert(id, payload) {
    this.#items.set(id, { ...payload });
  }

  async find(id) {
    return this.#items.get(id);
  }

  async findByUid(uid) {
    return [...this.#items.values()].find(item => item.uid === uid);
  }

  async findByUserCode() {
    return undefined;
  }

  async consume(id) {
    const item = this.#items.get(id);
    if (item) item.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    this.#items.delete(id);
  }

  async revokeByGrantId(grantId) {
    for (const store of this.#all.values()) store.#forget(grantId);
  }

  #forget(grantId) {
    for (const [id, item] of this.#items) if (item.grantId === grantId) this.#items.delete(id);
  }
}

const escape = text => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
