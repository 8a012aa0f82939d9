// node --test test.js: the target by itself, so that a failure of the Origin's tests is the Origin's.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { decode, encode } from './cbor.js';
import { basic, Client, Receiver, redirectUri } from './client.js';
import { Events } from './events.js';
import { Home } from './home.js';

const light = '5a0d2c1e-0000-4000-8000-000000000001', sensor = '5a0d2c1e-0000-4000-8000-000000000002';
const folder = mkdtempSync(join(tmpdir(), 'strict-'));
const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
let client, receiver;

before(async () => {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', files.key, '-out', files.cert, '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
  client = await Client.start(files);
  receiver = await new Receiver().start(files);
});
beforeEach(async () => {
  await client.link();
  await client.control('reset');
});
after(async () => {
  receiver.stop();
  assert.equal(await client.stop(), 0);
  rmSync(folder, { recursive: true });
});

const subscribe = async (path, ...eventTypes) => {
  const answer = await client.api('POST', `${path}/subscriptions`, { body: { eventsUrl: receiver.url, eventTypes, signingSecret: receiver.secret } });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.subscriptionId;
};
const refused = async () => (await client.control('state')).refused;
const told = events => events.map(event => [event.number, event.type, event.body.length ? JSON.parse(event.body) : null]);

test('tokens rotate, a used refresh token ends its family, revocation ends the rest', async () => {
  const answer = await client.token({ grant_type: 'refresh_token', refresh_token: client.tokens.refresh_token });
  assert.equal(answer.status, 200);
  assert.notEqual(answer.json.refresh_token, client.tokens.refresh_token);
  assert.equal((await client.token({ grant_type: 'refresh_token', refresh_token: client.tokens.refresh_token })).json.error, 'invalid_grant');
  assert.equal((await client.token({ grant_type: 'refresh_token', refresh_token: answer.json.refresh_token })).json.error, 'invalid_grant');
  await client.link();
  await subscribe('', 'devices_online');
  assert.equal((await client.token({ token: client.tokens.refresh_token }, { authorization: basic }, '/token/revocation')).status, 200);
  assert.equal((await client.api('GET', '')).status, 401);
  assert.deepEqual((await client.control('state')).subscriptions, []);
  assert.deepEqual(await refused(), []);
});

test('an authorization request that is not to the letter is refused, and a user may say no', async () => {
  for (const [name, value] of [['state', undefined], ['state', 'short'], ['code_challenge', undefined], ['code_challenge_method', 'plain'], ['redirect_uri', `${redirectUri}/`], ['scope', 'r:* everything'], ['response_type', 'token']]) {
    assert.equal((await client.authorize({ [name]: value })).status, 400, `${name}=${value}`);
  }
  assert.equal((await client.authorize({}, 'deny')).searchParams.get('error'), 'access_denied');
  assert.equal((await refused()).length, 7);
});

test('a client without Basic is refused', async () => {
  const code = (await client.authorize()).searchParams.get('code');
  const answer = await client.token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: client.verifier, client_id: 'origin & co', client_secret: 'p%ss:w+rd /' }, {});
  assert.equal(answer.status, 400 + (answer.status === 401));
  assert.notDeepEqual(await refused(), []);
});

test('devices and resources are as the document shows them, in both encodings', async () => {
  const [first] = (await client.api('GET', '')).json;
  assert.deepEqual(Object.keys(first), ['device', 'status', 'links']);
  assert.ok(first.links.every(link => link.href.startsWith(`/${light}/`)));
  assert.deepEqual((await client.api('GET', '?content=all')).json[0].links.at(-1), { href: `/${light}/light`, rep: { value: false, brightness: 50 } });
  assert.equal((await client.api('GET', `/${sensor}?content=base`)).json.device.n, 'Strict sensor');
  assert.deepEqual((await client.api('GET', `/${light}/light?if=oic.if.baseline`)).json.if, ['oic.if.a', 'oic.if.baseline']);
  const cbor = { accept: 'application/vnd.ocf+cbor, application/json;q=0.5', 'content-type': 'application/vnd.ocf+cbor' };
  const changed = await client.api('POST', `/${light}/light`, { headers: cbor, body: encode({ value: true, brightness: 300 }) });
  assert.equal(changed.headers['content-type'], 'application/vnd.ocf+cbor');
  assert.deepEqual(decode(changed.bytes), { value: true, brightness: 300 });
  await client.control('jsonOnly', { on: true });
  assert.equal((await client.api('GET', `/${light}/light`, { headers: { accept: 'application/vnd.ocf+cbor' } })).status, 406);
  assert.equal((await client.api('POST', `/${light}/light`, { headers: { 'content-type': cbor['content-type'] }, body: encode({ value: true }) })).status, 415);
  await client.control('jsonOnly', { on: false });
  await client.control('online', { di: light, online: false });
  assert.equal((await client.api('GET', `/${light}/light`)).status, 504);
  await client.control('online', { di: light, online: true });
  assert.deepEqual(await refused(), []);
});

test('what the document does not allow is refused with a reason', async () => {
  const right = { eventsUrl: 'https://origin.example/e', eventTypes: ['devices_online'], signingSecret: 'x'.repeat(32) };
  const id = '11111111-1111-4111-8111-111111111111';
  const wrong = [
    [404, 'GET', '/', {}], [404, 'GET', 'x', {}], [405, 'POST', '', { body: {} }], [405, 'PUT', `/${light}/light`, { body: {} }], [405, 'GET', `/subscriptions/${id}`, {}],
    [400, 'GET', '?content=none', {}], [400, 'GET', '?rt=oic.d.light', {}], [400, 'GET', '/light', {}], [400, 'GET', '/light/light', {}],
    [400, 'GET', '', { headers: { 'correlation-id': undefined } }], [400, 'GET', '', { headers: { 'correlation-id': '7' } }], [400, 'GET', '', { headers: { accept: undefined } }],
    [406, 'GET', '', { headers: { accept: '*/*' } }], [406, 'GET', '', { headers: { accept: 'application/vnd.ocf+cbor' } }], [401, 'GET', '', { headers: { authorization: undefined } }],
    [400, 'GET', '', { headers: { cookie: 'a=b' } }], [400, 'GET', '', { headers: { 'content-type': 'application/json' } }], [400, 'GET', '', { body: {} }],
    [415, 'POST', `/${light}/light`, { headers: { 'content-type': undefined }, body: { value: true } }], [400, 'POST', `/${light}/light`, { body: 'value' }], [400, 'POST', `/${light}/light`, { body: [] }],
    [400, 'POST', '/subscriptions', { body: { ...right, eventsUrl: 'http://origin.example/e' } }], [400, 'POST', '/subscriptions', { body: { ...right, signingSecret: 'x' } }],
    [400, 'POST', '/subscriptions', { body: { ...right, eventTypes: [] } }], [400, 'POST', '/subscriptions', { body: { ...right, eventTypes: ['resource_contentchanged'] } }],
    [400, 'POST', '/subscriptions', { body: { ...right, eventTypes: ['subscription_cancelled'] } }], [400, 'POST', '/subscriptions', { body: { ...right, more: 1 } }],
    [400, 'POST', `/${light}/subscriptions`, { body: right }], [415, 'POST', '/subscriptions', { headers: { 'content-type': 'application/vnd.ocf+cbor' }, body: encode(right) }],
    [400, 'DELETE', '/subscriptions/7', {}], [400, 'DELETE', `/subscriptions/${id}`, { headers: { accept: 'application/json' } }],
  ];
  for (const [status, method, path, options] of wrong) {
    const answer = await client.api(method, path, options);
    assert.equal(answer.status, status, `${method} ${path} ${JSON.stringify(options)}: ${answer.text}`);
  }
  assert.equal((await refused()).length, wrong.length);
});

test('events come signed, numbered, in order, and again until they are taken', async () => {
  const devices = await subscribe('', 'devices_registered', 'devices_unregistered', 'devices_online', 'devices_offline');
  assert.deepEqual(told(await receiver.wait(devices, 4)), [
    [0, 'devices_registered', [{ di: light }, { di: sensor }]], [1, 'devices_unregistered', []], [2, 'devices_online', [{ di: light }, { di: sensor }]], [3, 'devices_offline', []]]);
  const di = '5a0d2c1e-0000-4000-8000-000000000009';
  receiver.statuses = [500, 503, 200];
  await client.control('add', { di });
  assert.deepEqual((await receiver.wait(devices, 8)).slice(4).map(e => [e.number, e.status]), [[4, 500], [4, 503], [4, 200], [5, 200]]);
  const links = await subscribe(`/${di}`, 'resources_published', 'resources_unpublished');
  await client.control('publish', { di, href: '/switch' });
  const value = await subscribe(`/${di}/switch`, 'resource_contentchanged');
  await receiver.wait(value, 1);
  await client.control('change', { di, href: '/switch', rep: { value: true } });
  await client.control('change', { di, href: '/switch', rep: { value: true } });
  await receiver.wait(value, 2);
  await client.control('skip', { id: value });
  await client.control('repeat', { id: value });
  await client.control('change', { di, href: '/switch', rep: { value: false } });
  assert.deepEqual(told(await receiver.wait(value, 4)), [
    [0, 'resource_contentchanged', { value: false }], [1, 'resource_contentchanged', { value: true }], [1, 'resource_contentchanged', { value: true }], [3, 'resource_contentchanged', { value: false }]]);
  await client.control('unpublish', { di, href: '/switch' });
  assert.equal((await receiver.wait(value, 5))[4].type, 'subscription_cancelled');
  assert.deepEqual((await receiver.wait(links, 4)).map(e => e.type), ['resources_published', 'resources_unpublished', 'resources_published', 'resources_unpublished']);
  await client.control('remove', { di });
  assert.equal((await receiver.wait(links, 6))[5].type, 'subscription_cancelled');
  assert.deepEqual(told(await receiver.wait(devices, 9))[8], [6, 'devices_unregistered', [{ di }]]);
  assert.equal((await client.api('DELETE', `/subscriptions/${devices}`)).status, 202);
  const last = (await receiver.wait(devices, 10))[9];
  assert.deepEqual([last.type, last.number, last.contentType, last.body.length], ['subscription_cancelled', 7, undefined, 0]);
  assert.ok(receiver.received.every(e => e.signed));
  assert.deepEqual([(await client.control('state')).subscriptions, await refused()], [[], []]);
});

test('a subscription whose device goes before the answer is out says so, and nothing else', async () => {
  const home = new Home(), events = new Events(home, {}, readFileSync(files.cert));
  const subscription = events.subscribe({ level: 'device', di: sensor, eventsUrl: receiver.url, types: ['resources_published'], secret: receiver.secret, accept: 'application/json', correlation: 'x' });
  home.remove({ di: sensor });
  events.start(subscription);
  assert.deepEqual(told(await receiver.wait(subscription.id, 1)), [[0, 'subscription_cancelled', null]]);
  assert.deepEqual(events.subscriptions, []);
  events.stop();
});

test('a receiver that says Gone is not asked again, and a liar can be played', async () => {
  const id = await subscribe('', 'devices_offline');
  await receiver.wait(id, 1);
  assert.deepEqual(await client.control('deliver', { id, type: 'devices_offline', body: [], signature: 'ff' }), { status: 200 });
  assert.equal((await receiver.wait(id, 2))[1].signed, false);
  receiver.statuses = [410, 200];
  await client.control('online', { di: sensor, online: false });
  await receiver.wait(id, 3);
  await client.control('online', { di: sensor, online: true });
  assert.equal((await client.api('DELETE', `/subscriptions/${id}`)).status, 404);
});

test('a target that has gone wrong does so on demand', async () => {
  await client.control('misbehave', { mode: 'rubbish', variant: 0 });
  assert.equal((await client.api('GET', '')).text, '{"devices":7}');
  await client.control('misbehave', { mode: 'redirect' });
  assert.equal((await client.api('GET', '')).headers.location, '/elsewhere');
  await client.control('misbehave', { mode: 'error', status: 503 });
  assert.equal((await client.api('GET', '')).status, 503);
  await client.control('misbehave', { mode: 'cut' });
  await assert.rejects(client.api('GET', ''));
  await client.control('misbehave', { mode: 'slow', ms: 300 });
  const started = Date.now();
  assert.equal((await client.api('GET', '')).status, 200);
  assert.ok(Date.now() - started >= 290);
  await client.control('misbehave', { mode: 'none' });
  await client.control('events', { on: false, status: 501 });
  assert.equal((await client.api('POST', '/subscriptions', { body: { eventsUrl: receiver.url, eventTypes: ['devices_online'], signingSecret: receiver.secret } })).status, 501);
  await client.control('events', { on: true });
  await client.control('expire');
  assert.equal((await client.api('GET', '')).status, 401);
  const renewed = await client.token({ grant_type: 'refresh_token', refresh_token: client.tokens.refresh_token });
  assert.equal(renewed.status, 200);
  await client.control('refuseRefresh');
  assert.equal((await client.token({ grant_type: 'refresh_token', refresh_token: renewed.json.refresh_token })).json.error, 'invalid_grant');
  assert.deepEqual(await refused(), []);
});
