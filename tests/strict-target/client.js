// What an Origin does, for the target's own tests: HTTPS with one trust anchor, the pages, tokens, and a receiver that checks signatures by its own reckoning.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { createInterface } from 'node:readline';

export const redirectUri = 'https://origin.example/linked-clouds/strict/callback';
const clientId = 'origin & co', clientSecret = 'p%ss:w+rd /';
const encoded = text => new URLSearchParams({ t: text }).toString().slice(2);
export const basic = `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64')}`;

export class Client {
  #cookies = new Map();

  static async start(files, ...options) {
    const client = new Client();
    client.ca = readFileSync(files.cert);
    client.process = spawn(process.execPath, [new URL('server.js', import.meta.url).pathname, '--cert', files.cert, '--key', files.key, '--trust', files.cert,
      '--client-id', clientId, '--client-secret', clientSecret, '--redirect-uri', redirectUri, ...options], { stdio: ['pipe', 'pipe', 'ignore'] });
    client.exited = new Promise(resolve => client.process.once('exit', resolve));
    const [line] = await new Promise(resolve => createInterface(client.process.stdout).once('line', (...args) => resolve(args)));
    ({ url: client.url, control: client.door } = JSON.parse(line));
    return client;
  }

  stop() {
    this.process.stdin.end();
    return this.exited;
  }

  send(method, path, { headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, this.url), { method, headers, ca: this.ca }, answer => {
        const chunks = [];
        answer.on('data', chunk => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString(), get json() { return JSON.parse(this.text); } });
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  async control(operation, asked = {}) {
    const answer = await fetch(`${this.door}/${operation}`, { method: 'POST', body: JSON.stringify(asked) });
    assert.equal(answer.status, 200, await answer.clone().text());
    return await answer.json();
  }

  // As the browser goes: to the page, a click, and where the redirect leads.
  async authorize(parameters = {}, decision = 'allow') {
    this.verifier = randomBytes(32).toString('base64url');
    const asked = {
      response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope: 'r:* w:* offline_access', state: randomUUID(),
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'), code_challenge_method: 'S256', ...parameters,
    };
    for (const [name, value] of Object.entries(asked)) if (value === undefined) delete asked[name];
    const page = await this.#browse('GET', `/auth?${new URLSearchParams(asked)}`);
    if (page.status !== 200) return page;
    const action = /action="([^"]+)"/.exec(page.text)[1];
    const { callback } = await this.#browse('POST', action, `decision=${decision}`);
    if (!callback.searchParams.has('error')) assert.equal(callback.searchParams.get('state'), asked.state);
    return callback;
  }

  async link() {
    const callback = await this.authorize();
    const answer = await this.token({ grant_type: 'authorization_code', code: callback.searchParams.get('code'), redirect_uri: redirectUri, code_verifier: this.verifier, scope: 'r:* w:* offline_access' });
    assert.equal(answer.status, 200, answer.text);
    return this.tokens = answer.json;
  }

  token(parameters, headers = { authorization: basic }, path = '/token') {
    return this.send('POST', path, { headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams(parameters).toString() });
  }

  // A request to the API that is right but for what is given; undefined takes a header away.
  api(method, path, { headers = {}, body } = {}) {
    const all = {
      authorization: `Bearer ${this.tokens?.access_token}`, 'correlation-id': randomUUID(), ...method !== 'DELETE' && { accept: 'application/json' },
      ...body !== undefined && { 'content-type': 'application/json' }, ...headers,
    };
    for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
    return this.send(method, `/api/v1/devices${path}`, { headers: all, body: body === undefined || Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body) });
  }

  async #browse(method, path, body) {
    for (let url = new URL(path, this.url); ;) {
      const answer = await this.send(method, url, {
        headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...body && { 'content-type': 'application/x-www-form-urlencoded' } }, body,
      });
      for (const cookie of answer.headers['set-cookie'] ?? []) this.#cookies.set(.../^([^=]+)=([^;]*)/.exec(cookie).slice(1));
      if (!answer.headers.location) return answer;
      url = new URL(answer.headers.location, url);
      if (url.origin !== new URL(this.url).origin) return { callback: url };
      [method, body] = ['GET', undefined];
    }
  }
}

// Where events go; answers with the statuses given, the last one stays.
export class Receiver {
  received = [];
  statuses = [200];
  secret = randomBytes(16).toString('hex');
  #waiting = [];

  async start(files) {
    this.server = createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, async (incoming, response) => {
      const chunks = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const { headers } = incoming;
      const text = ['content-type', 'event-type', 'subscription-id', 'sequence-number', 'event-timestamp'].map(name => `${headers[name] ?? ''}:`).join('');
      const signed = createHmac('sha256', this.secret).update(Buffer.concat([Buffer.from(text), body])).digest('hex') === headers['event-signature'];
      const status = this.statuses.length > 1 ? this.statuses.shift() : this.statuses[0];
      this.received.push({ type: headers['event-type'], subscription: headers['subscription-id'], number: Number(headers['sequence-number']), signed, status, contentType: headers['content-type'], body });
      response.writeHead(status, { 'correlation-id': headers['correlation-id'] }).end();
      this.#waiting.forEach(check => check());
    }).listen(0, '127.0.0.1');
    await new Promise(resolve => this.server.once('listening', resolve));
    this.url = `https://localhost:${this.server.address().port}/events`;
    return this;
  }

  // What came for a subscription, once that many did.
  wait(subscription, count) {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`${JSON.stringify(this.received)}`)), 10000);
      const check = () => {
        const found = this.received.filter(event => event.subscription === subscription);
        if (found.length < count) return;
        clearTimeout(deadline);
        resolve(found);
      };
      this.#waiting.push(check);
      check();
    });
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}
