// A receiver of events that shares no line with the cloud: node receiver.js CERTIFICATE KEY SECRET [PORT]
// Prints {"port": …}, then a line for each request: what came, and whether its signature is right by this program's own reckoning.
// The URL says how it answers: ?answers=500,hang,204 are those to the first, second, third request of that path; the last one stays.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';

const [certificate, key, secret, port] = process.argv.slice(2);
const requests = new Map();

const server = createSecureServer({ allowHTTP1: true, cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  const at = performance.timeOrigin + performance.now();
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('error', () => {});
  response.on('error', () => {});
  request.on('end', () => {
    const url = new URL(request.url, 'https://localhost');
    const body = Buffer.concat(chunks);
    const count = requests.get(url.pathname) ?? 0;
    requests.set(url.pathname, count + 1);
    const answers = (url.searchParams.get('answers') ?? '204').split(',');
    const answer = answers[Math.min(count, answers.length - 1)];
    console.log(JSON.stringify({
      path: url.pathname, at, method: request.method, protocol: request.httpVersion, type: request.headers['event-type'],
      subscription: request.headers['subscription-id'], number: Number(request.headers['sequence-number']), timestamp: Number(request.headers['event-timestamp']),
      correlation: request.headers['correlation-id'], accept: request.headers.accept, contentType: request.headers['content-type'] ?? null,
      signed: isSigned(request.headers, body), signature: request.headers['event-signature'], body: body.toString('base64'), answer,
    }));
    if (answer === 'hang') return;
    const [status, wait] = answer.split(':');
    setTimeout(() => {
      response.writeHead(Number(status), Number(status) >= 300 && Number(status) < 400 ? { location: '/redirected' } : {});
      response.end();
    }, Number(wait ?? 0));
  });
});

function isSigned(headers, body) {
  const hmac = createHmac('sha256', secret);
  for (const part of ['content-type', 'event-type', 'subscription-id', 'sequence-number', 'event-timestamp']) hmac.update((headers[part] ?? '') + ':');
  hmac.update(body);
  const expected = Buffer.from(hmac.digest('hex'));
  const given = Buffer.from(headers['event-signature'] ?? '');
  return expected.length === given.length && timingSafeEqual(expected, given);
}

server.listen(Number(port ?? 0), '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
