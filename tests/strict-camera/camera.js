// The camera's side of one uplink, on an HTTP/2 stack that is not .NET's:
//   node camera.js --url https://HOST:PORT/onvif/uplink|wss://… [--ca FILE] [--token TOKEN (else by standard input's first line)] [--cert FILE --key FILE]
//     [--manufacturer Acme] [--model AC-2000] [--serial 00408CFA1234] [--firmware 4.2.1] [--fault OPERATION=SUBCODE/SUBCODE …]
// Prints lines of JSON: {"event":"connected","kind"} · {"event":"ping"} · {"event":"request","path","authority","action","operation","texts","status"} · {"event":"closed"},
// or {"event":"refused","status","challenge"} and {"event":"failed","message"} with exit code 1. Ends when its standard input does, by SIGTERM, or with the connection.
import { readFileSync } from 'node:fs';
import { performServerHandshake } from 'node:http2';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { carry, Fault, read, writeFault } from './soap.js';
import { open, Refused } from './uplink.js';

const text = { type: 'string' };
const { values: options } = parseArgs({
  options: {
    url: text, ca: text, token: text, cert: text, key: text, fault: { ...text, multiple: true, default: [] },
    manufacturer: { ...text, default: 'Acme' }, model: { ...text, default: 'AC-2000' }, serial: { ...text, default: '00408CFA1234' }, firmware: { ...text, default: '4.2.1' },
  },
});
if (options.url === undefined) {
  console.error('--url is missing');
  process.exit(2);
}

const tell = (event, members) => console.log(JSON.stringify({ event, ...members }));
const fileOf = name => (name === undefined ? undefined : readFileSync(name));
const camera = {
  url: options.url,
  information: { Manufacturer: options.manufacturer, Model: options.model, FirmwareVersion: options.firmware, SerialNumber: options.serial, HardwareId: '7B1' },
  faults: Object.fromEntries(options.fault.map(fault => fault.split('='))),
};

const input = createInterface({ input: process.stdin });
const token = options.token ?? (options.cert === undefined ? await new Promise(resolve => input.once('line', resolve)) : undefined);
let stream;
try {
  stream = await open(options.url, { token, ca: fileOf(options.ca), cert: fileOf(options.cert), key: fileOf(options.key) });
} catch (error) {
  if (error instanceof Refused) tell('refused', { status: error.status, challenge: error.challenge });
  else tell('failed', { message: error.message });
  process.exit(1);
}

const session = performServerHandshake(stream);
tell('connected', { kind: new URL(options.url).protocol.slice(0, -1) });
session.on('ping', () => tell('ping'));
session.on('error', error => tell('failed', { message: error.message }));
session.on('close', () => {
  tell('closed');
  process.exit(0);
});
session.on('stream', async (http, headers) => {
  http.on('error', () => {});
  const seen = { path: headers[':path'], authority: headers[':authority'], action: /action="([^"]*)"/.exec(headers['content-type'] ?? '')?.[1] ?? null };
  const end = (status, body) => {
    tell('request', { ...seen, status });
    http.respond({ ':status': status, ...(body && { 'content-type': 'application/soap+xml; charset=utf-8' }) });
    http.end(body);
  };
  const parts = [];
  try {
    for await (const part of http) parts.push(part);
    // To the letter: POST, the media type of SOAP 1.2, and the action that belongs to the body.
    if (headers[':method'] !== 'POST') return end(405);
    if (!/^application\/soap\+xml\s*(;|$)/.test(headers['content-type'] ?? '')) return end(415);
    const request = read(Buffer.concat(parts).toString());
    Object.assign(seen, { operation: request.name, texts: request.texts });
    if (seen.action !== null && !seen.action.endsWith(`/${request.name}`)) throw new Fault(400, 'Sender', ['InvalidArgs'], 'the action is another');
    end(200, carry(camera, seen.path, request));
  } catch (error) {
    if (error instanceof Fault) end(error.status, writeFault(error));
    else http.destroy();
  }
});

const end = () => session.close();
process.on('SIGTERM', end);
input.on('close', end);
