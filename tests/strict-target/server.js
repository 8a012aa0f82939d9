// A Target Cloud that shares no line with ours and forgives nothing:
//   node server.js --port 0 --cert FILE --key FILE --client-id ID --client-secret SECRET --redirect-uri URI [--redirect-uri URI …]
//     [--trust FILE (what eventsUrl hosts are checked with)] [--access-token-lifetime SECONDS] [--ask-certificate]
// Prints one line of JSON {url, control, pid}; ends when its standard input does, or by SIGTERM. Breaches of the rules go to standard error, and to the control's `state`.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { parseArgs } from 'node:util';
import { Api } from './api.js';
import { Authorization } from './authorization.js';
import { createControl } from './control.js';
import { Events } from './events.js';
import { Home } from './home.js';
import { Misbehaviour } from './misbehaviour.js';
import { Record } from './record.js';

const text = { type: 'string' };
const { values: options } = parseArgs({
  options: {
    port: { ...text, default: '0' }, cert: text, key: text, 'client-id': text, 'client-secret': text, 'redirect-uri': { ...text, multiple: true },
    trust: text, 'access-token-lifetime': { ...text, default: '600' }, 'ask-certificate': { type: 'boolean', default: false },
  },
});
for (const name of ['cert', 'key', 'client-id', 'client-secret', 'redirect-uri']) {
  if (options[name] === undefined) {
    console.error(`--${name} is missing`);
    process.exit(2);
  }
}

const listening = server => new Promise(resolve => server.once('listening', () => resolve(server.address().port)));

const server = createServer({
  cert: readFileSync(options.cert), key: readFileSync(options.key), requestCert: options['ask-certificate'], rejectUnauthorized: false,
}).listen(Number(options.port), '127.0.0.1');
const issuer = `https://localhost:${await listening(server)}`;

const record = new Record();
const home = new Home();
const misbehaviour = new Misbehaviour(record);
const events = new Events(home, record, options.trust && readFileSync(options.trust));
const authorization = new Authorization(
  issuer,
  { clientId: options['client-id'], clientSecret: options['client-secret'], redirectUris: options['redirect-uri'], accessTokenLifetime: Number(options['access-token-lifetime']) },
  record,
  grant => events.end(subscription => subscription.grant === grant));
const api = new Api(home, events, authorization, record, misbehaviour);

server.on('request', async (request, response) => {
  const path = request.url.split('?')[0];
  try {
    if (!Authorization.owns(path)) return await api.handle(request, response);
    if (path.startsWith('/token') && await misbehaviour.answers('token', request, response)) return;
    await authorization.handle(request, response);
  } catch (error) {
    console.error(error);
    response.destroy();
  }
});

const control = createControl({ home, events, authorization, api, record, misbehaviour }).listen(0, '127.0.0.1');
console.log(JSON.stringify({ url: issuer, control: `http://127.0.0.1:${await listening(control)}`, pid: process.pid }));

const end = () => {
  events.stop();
  for (const door of [server, control]) {
    door.close();
    door.closeAllConnections();
  }
  process.exit(0);
};
process.on('SIGTERM', end);
process.stdin.on('end', end).resume();
