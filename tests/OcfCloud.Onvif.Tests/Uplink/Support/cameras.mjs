// Opens many uplinks as cameras do and serves HTTP/2 on them: node cameras.mjs HOST:PORT https|wss (token on each line of standard input).
import tls from 'node:tls';
import http2 from 'node:http2';
import readline from 'node:readline';

const [address] = process.argv.slice(2);
const [host, port] = address.split(':');
let open = 0;

function dial(token) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }, () => {
      socket.write(`GET /onvif/uplink HTTP/1.1\r\nHost: ${address}\r\nConnection: Upgrade\r\nUpgrade: h2c-reverse\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    });
    socket.on('error', reject);
    let head = Buffer.alloc(0);
    const read = (data) => {
      head = Buffer.concat([head, data]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.removeListener('data', read);
      socket.pause();
      if (!head.toString('latin1').startsWith('HTTP/1.1 101')) return reject(new Error(head.toString('latin1')));
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
      const session = http2.performServerHandshake(socket);
      session.on('error', () => {});
      session.on('stream', (stream) => {
        stream.respond({ ':status': 200 });
        stream.end('Acme|AC-2000|4.2.1|00408CFA1234|7B1');
      });
      open++;
      resolve();
    };
    socket.on('data', read);
  });
}

const tokens = [];
for await (const line of readline.createInterface({ input: process.stdin })) tokens.push(line);
for (let i = 0; i < tokens.length; i += 20) await Promise.all(tokens.slice(i, i + 20).map(dial));
console.log(`open ${open}`);
