// node --test test.js: the camera by itself, against a cloud of Node's own, so that a failure of the tests of uplinks is the cloud's.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:http2';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { createWebSocketStream, WebSocketServer } from 'ws';

const folder = mkdtempSync(join(tmpdir(), 'camera-'));
const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
let server, address, arrived;

const begin = stream => {
  const client = connect('http://uplink.device', { createConnection: () => stream });
  arrived.resolve(client);
};

before(async () => {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', files.key, '-out', files.cert, '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
  server = createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) });
  const webSockets = new WebSocketServer({ noServer: true, handleProtocols: protocols => [...protocols][0] });
  server.on('upgrade', (request, socket, head) => {
    if (request.headers.authorization !== 'Bearer good') return socket.end('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer error="invalid_token"\r\nContent-Length: 0\r\n\r\n');
    if (request.headers.upgrade === 'websocket') return webSockets.handleUpgrade(request, socket, head, each => begin(createWebSocketStream(each)));
    assert.equal(request.headers.upgrade, 'h2c-reverse');
    // Node's HTTP/2 takes a socket with nothing under way on it only.
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c-reverse\r\n\r\n', () => begin(socket));
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  address = `localhost:${server.address().port}/onvif/uplink`;
});
after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

function start(scheme, token, ...more) {
  arrived = {};
  arrived.promise = new Promise(resolve => { arrived.resolve = resolve; });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'camera.js'), '--url', `${scheme}://${address}`, '--ca', files.cert, ...more], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(`${token}\n`);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise(resolve => child.once('exit', resolve));
  return { child, ended, next: async () => JSON.parse((await lines.next()).value) };
}

function call(client, path, body, contentType = 'application/soap+xml; charset=utf-8') {
  return new Promise((resolve, reject) => {
    const http = client.request({ ':method': 'POST', ':path': path, 'content-type': contentType });
    let status, text = '';
    http.on('response', headers => { status = headers[':status']; }).on('data', part => { text += part; }).on('end', () => resolve({ status, text })).on('error', reject);
    http.end(body);
  });
}

const soap = (ns, content) => `<a:Envelope xmlns:a="http://www.w3.org/2003/05/soap-envelope" xmlns:b="http://www.onvif.org/ver10/${ns}/wsdl"><a:Body>${content}</a:Body></a:Envelope>`;

for (const scheme of ['https', 'wss']) {
  test(`by ${scheme} the camera serves HTTP/2 on the connection that it opened`, async () => {
    const camera = start(scheme, 'good', '--serial', '0042', '--fault', 'GetUplinks=NotAuthorized');
    const client = await arrived.promise;
    const answer = await call(client, '/onvif/device_service', soap('device', '<b:GetDeviceInformation/>'));
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.text, /<tds:SerialNumber>0042<\/tds:SerialNumber>/);
    assert.deepEqual(await camera.next(), { event: 'connected', kind: scheme });
    assert.equal((await camera.next()).operation, 'GetDeviceInformation');

    const refused = await call(client, '/onvif/uplink_service', soap('uplink', '<b:GetUplinks/>'));
    assert.equal(refused.status, 400);
    assert.match(refused.text, /NotAuthorized/);
    await camera.next();
    assert.equal((await call(client, '/onvif/device_service', soap('device', '<b:UpgradeFirmware><b:Version>4.3.0</b:Version></b:UpgradeFirmware>'))).status, 200);
    assert.deepEqual((await camera.next()).texts, { Version: '4.3.0' });
    assert.match((await call(client, '/onvif/device_service', soap('device', '<b:GetDeviceInformation/>'))).text, /4\.3\.0/);
    await camera.next();
    assert.equal((await call(client, '/onvif/device_service', '', 'text/xml')).status, 415);
    await camera.next();

    await new Promise(resolve => client.ping(resolve));
    assert.deepEqual(await camera.next(), { event: 'ping' });
    client.close();
    assert.deepEqual(await camera.next(), { event: 'closed' });
    assert.equal(await camera.ended, 0);
  });

  test(`by ${scheme} a refusal is told`, async () => {
    const camera = start(scheme, 'bad');
    assert.deepEqual(await camera.next(), { event: 'refused', status: 401, challenge: 'Bearer error="invalid_token"' });
    assert.equal(await camera.ended, 1);
  });
}

test('the camera ends with its standard input', async () => {
  const camera = start('https', 'good');
  const client = await arrived.promise;
  const closed = new Promise(resolve => client.once('close', resolve));
  await camera.next();
  camera.child.stdin.end();
  await closed;
  assert.equal(await camera.ended, 0);
});
