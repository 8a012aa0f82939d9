// The Devices API and the Events API, to the letter of the official document: what it does not name is refused.
import { decode, encode } from './cbor.js';
import { all, base } from './home.js';

const JSON_TYPE = 'application/json', CBOR_TYPE = 'application/vnd.ocf+cbor';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LARGEST_BODY = 1 << 20;
const eventTypes = {
  devices: ['devices_registered', 'devices_unregistered', 'devices_online', 'devices_offline'],
  device: ['resources_published', 'resources_unpublished'],
  resource: ['resource_contentchanged'],
};

// A breach of the document (refused), or a no that nobody is to blame for (declined).
class Failure extends Error {
  constructor(status, reason, { declined = false, headers = {} } = {}) {
    super(reason);
    Object.assign(this, { status, declined, headers });
  }
}

const declined = (status, reason, headers) => new Failure(status, reason, { declined: true, headers });

export class Api {
  // Without events (the status that a subscription gets), without CBOR.
  eventsStatus = null;
  jsonOnly = false;
  #home;
  #events;
  #authorization;
  #record;
  #misbehaviour;

  constructor(home, events, authorization, record, misbehaviour) {
    [this.#home, this.#events, this.#authorization, this.#record, this.#misbehaviour] = [home, events, authorization, record, misbehaviour];
  }

  async handle(request, response) {
    const correlation = request.headers['correlation-id'];
    if (correlation) response.setHeader('Correlation-ID', correlation);
    this.#record.watch(request, response);
    try {
      const body = await read(request);
      const operation = this.#operation(request);
      this.#record.count(operation.name);
      const caller = await this.#caller(request, operation);
      checkHeaders(request, body, operation);
      if (await this.#misbehaviour.answers('api', request, response)) return;
      await this.#act(operation, { request, response, body, caller });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.declined) this.#record.decline(request, error.message);
      else this.#record.refuse(request, error.message);
      response.writeHead(error.status, { 'Content-Type': 'application/problem+json', ...error.headers })
        .end(JSON.stringify({ type: 'about:blank', status: error.status, detail: error.message }));
    }
  }

  // Which row of the document this is.
  #operation(request) {
    const [path, query] = split(request.url);
    if (!/^\/api\/v1\/devices(\/|$)/.test(path)) throw new Failure(404, 'the path is not in the document');
    const segments = path.slice('/api/v1/devices'.length).split('/').slice(1).map(segment => {
      try {
        return decodeURIComponent(segment);
      } catch {
        throw new Failure(400, 'the path is encoded wrongly');
      }
    });
    if (segments.includes('')) throw new Failure(404, 'an empty path segment');
    const post = request.method === 'POST' && segments.at(-1) === 'subscriptions';
    if (post || segments.at(-2) === 'subscriptions') {
      const target = segments.slice(0, post ? -1 : -2);
      const level = ['devices', 'device'][target.length] ?? 'resource';
      if (query !== null) throw new Failure(400, 'a query on a subscription');
      if (!post) {
        if (request.method !== 'DELETE') throw new Failure(405, 'a subscription has DELETE alone', { headers: { Allow: 'DELETE' } });
        if (!UUID.test(segments.at(-1))) throw new Failure(400, 'the subscription id is no UUID');
      }
      return { kind: post ? 'subscribe' : 'unsubscribe', name: `${request.method} ${level} subscription`, level, ...at(target), id: segments.at(-1), writes: false, json: post };
    }
    if (segments.length < 2) {
      if (request.method !== 'GET') throw new Failure(405, 'devices have GET alone', { headers: { Allow: 'GET' } });
      if (query !== null && !/^content=(base|all)$/.test(query)) throw new Failure(400, 'a query other than content=base or content=all');
      return { kind: segments.length === 0 ? 'devices' : 'device', name: segments.length === 0 ? 'GET devices' : 'GET device', ...at(segments), content: query?.slice(8) ?? 'base', json: true };
    }
    if (request.method !== 'GET' && request.method !== 'POST') throw new Failure(405, 'resources have GET and POST', { headers: { Allow: 'GET, POST' } });
    return { kind: request.method === 'GET' ? 'retrieve' : 'update', name: `${request.method} resource`, ...at(segments), query, writes: request.method === 'POST' };
  }

  async #caller(request, operation) {
    if (request.headers.cookie) throw new Failure(400, 'a cookie');
    const [, bearer] = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!bearer) throw new Failure(401, 'no bearer token', { headers: { 'WWW-Authenticate': 'Bearer' } });
    const caller = await this.#authorization.check(bearer);
    if (!caller) throw declined(401, 'the token is not valid', { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
    if (!caller.scopes.has('r:*') || operation.writes && !caller.scopes.has('w:*')) {
      throw declined(403, 'the scope does not suffice', { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' });
    }
    return caller;
  }

  async #act(operation, { request, response, body, caller }) {
    if (operation.di !== undefined && !UUID.test(operation.di)) throw new Failure(400, 'the device id is no UUID');
    const device = operation.di !== undefined ? this.#home.find(operation.di) : undefined;
    const accept = request.headers.accept && parseAccept(request.headers.accept);
    if (operation.kind === 'unsubscribe') return this.#unsubscribe(operation, caller, response);
    if (operation.di !== undefined && !device) throw declined(404, 'no such device');
    const resource = operation.href !== undefined ? device.resources.get(operation.href) : undefined;
    if (operation.href !== undefined && !resource) throw declined(404, 'no such resource');
    switch (operation.kind) {
      case 'devices': return send(response, 200, JSON_TYPE, this.#home.devices.map(operation.content === 'all' ? all : base));
      case 'device': return send(response, 200, JSON_TYPE, (operation.content === 'all' ? all : base)(device));
      case 'subscribe': return this.#subscribe(operation, { request, response, body, caller, accept });
      default: break;
    }
    const type = accept.find(candidate => candidate === JSON_TYPE || !this.jsonOnly);
    if (!type) throw declined(406, 'this cloud speaks JSON alone');
    if (operation.kind === 'update' && this.jsonOnly && contentType(request) !== JSON_TYPE) throw declined(415, 'this cloud speaks JSON alone');
    const members = operation.kind === 'update' ? parse(contentType(request), body) : null;
    if (!device.online) throw declined(504, 'the device is offline', { 'Retry-After': '30' });
    const rep = interfaceOf(operation.query, resource) === 'oic.if.baseline' ? r => ({ rt: r.rt, if: r.if, ...r.rep }) : r => r.rep;
    if (members) this.#update(device, resource, members);
    send(response, 200, type, rep(resource));
  }

  #update(device, resource, members) {
    if (!resource.if.includes('oic.if.a')) throw declined(405, 'the resource can be read alone', { Allow: 'GET' });
    for (const [name, value] of Object.entries(members)) {
      if (typeof resource.rep[name] !== typeof value) throw declined(400, `the device does not take ${name}`);
    }
    this.#home.change({ di: device.di, href: resource.href, rep: members });
  }

  #subscribe({ level, di, href }, { request, response, body, caller, accept }) {
    if (this.eventsStatus) throw declined(this.eventsStatus, 'no events here');
    if (contentType(request) !== JSON_TYPE) throw new Failure(415, 'a subscription is application/json');
    const asked = parse(JSON_TYPE, body);
    const unknown = Object.keys(asked).filter(name => !['eventsUrl', 'eventTypes', 'signingSecret'].includes(name));
    if (unknown.length > 0) throw new Failure(400, `unknown members: ${unknown}`);
    if (typeof asked.eventsUrl !== 'string' || !URL.canParse(asked.eventsUrl) || !/^https:\/\//.test(asked.eventsUrl)) throw new Failure(400, 'eventsUrl is no https URL');
    if (!Array.isArray(asked.eventTypes) || asked.eventTypes.length === 0 || new Set(asked.eventTypes).size !== asked.eventTypes.length) throw new Failure(400, 'eventTypes is no list of different types');
    for (const type of asked.eventTypes) if (!eventTypes[level].includes(type)) throw new Failure(400, `event type ${type} is none of this level`);
    if (typeof asked.signingSecret !== 'string' || [...asked.signingSecret].length !== 32) throw new Failure(400, 'signingSecret is not 32 characters');
    const subscription = this.#events.subscribe({
      level, di, href, eventsUrl: asked.eventsUrl, types: asked.eventTypes, secret: asked.signingSecret, accept: accept[0], correlation: request.headers['correlation-id'],
      account: caller.account, client: caller.client, grant: caller.grant,
    });
    // Not before the answer: its reader could not know what the notification belongs to.
    response.once('finish', () => setImmediate(() => this.#events.start(subscription)));
    send(response, 201, JSON_TYPE, { subscriptionId: subscription.id });
  }

  #unsubscribe({ level, di, href, id }, caller, response) {
    const subscription = this.#events.find(id);
    if (!subscription || subscription.level !== level || subscription.di !== di || subscription.href !== href || subscription.account !== caller.account || subscription.client !== caller.client) {
      throw declined(404, 'no such subscription');
    }
    this.#events.end(s => s === subscription);
    response.writeHead(202).end();
  }
}

const at = ([di, ...rest]) => ({ di: di?.toLowerCase(), href: rest.length > 0 ? `/${rest.join('/')}` : undefined });

function split(url) {
  const question = url.indexOf('?');
  return question < 0 ? [url, null] : [url.slice(0, question), url.slice(question + 1)];
}

function checkHeaders(request, body, operation) {
  const { headers } = request;
  if (!UUID.test(headers['correlation-id'] ?? '')) throw new Failure(400, `Correlation-ID is ${headers['correlation-id'] ? 'no UUID' : 'missing'}`);
  if (request.method === 'DELETE') {
    if (headers.accept !== undefined) throw new Failure(400, 'a DELETE with Accept');
  } else if (headers.accept === undefined) {
    throw new Failure(400, 'Accept is missing');
  } else {
    const accept = parseAccept(headers.accept);
    // The Accept of a subscription names the encoding of its notifications.
    if (operation.json && operation.kind !== 'subscribe' && !accept.includes(JSON_TYPE)) throw new Failure(406, 'only application/json is produced here');
  }
  if (request.method === 'POST') {
    if (body.length === 0) throw new Failure(400, 'the body is missing');
    if (![JSON_TYPE, CBOR_TYPE].includes(contentType(request))) throw new Failure(415, `Content-Type ${headers['content-type']}`);
  } else if (body.length > 0 || headers['content-type'] !== undefined) {
    throw new Failure(400, `a ${request.method} with content`);
  }
}

// In the order of preference; the document's enumeration has two values, RFC 9110 lets them be listed with weights.
function parseAccept(text) {
  const ranges = text.split(',').map(range => {
    const [, type, q = '1'] = /^\s*([a-z/.+]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/.exec(range) ?? [];
    if (type !== JSON_TYPE && type !== CBOR_TYPE) throw new Failure(406, `Accept ${range.trim()} is none of the document's`);
    return { type, q: Number(q) };
  });
  return ranges.filter(range => range.q > 0).sort((a, b) => b.q - a.q).map(range => range.type);
}

// JSON is UTF-8 always (RFC 8259, 8.1): saying so is no other type.
const contentType = request => (request.headers['content-type'] ?? '').replace(/^application\/json\s*;\s*charset="?utf-8"?$/i, JSON_TYPE);

function parse(type, body) {
  let value;
  try {
    value = type === JSON_TYPE ? JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) : decode(body);
  } catch (error) {
    throw new Failure(400, `the body is no ${type}: ${error.message}`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value) || Buffer.isBuffer(value)) throw new Failure(400, 'the body is no map');
  return value;
}

// Queries are the device's (5.3): it knows interfaces.
function interfaceOf(query, resource) {
  let chosen = resource.if[0];
  for (const [name, value] of new URLSearchParams(query ?? '')) {
    if (name === 'if' && !resource.if.includes(value)) throw declined(400, `the device has no interface ${value}`);
    if (name === 'if') chosen = value;
  }
  return chosen;
}

async function read(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LARGEST_BODY) throw new Failure(413, 'the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response, status, type, value) {
  response.writeHead(status, { 'Content-Type': type }).end(type === JSON_TYPE ? JSON.stringify(value) : encode(value));
}
