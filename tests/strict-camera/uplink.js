// Opens the connection of an uplink (ONVIF Uplink, 5.1) and hands it over as a stream: what comes over it is the cloud's HTTP/2.
import { request } from 'node:https';
import WebSocket, { createWebSocketStream } from 'ws';

const protocol = 'h2c-reverse';
const headersOf = token => (token === undefined ? {} : { authorization: `Bearer ${token}` });

export class Refused extends Error {
  constructor(status, challenge) {
    super(`the cloud answers ${status}`);
    Object.assign(this, { status, challenge });
  }
}

/** By https: `Upgrade: h2c-reverse`. */
export function openNative(url, { token, ca, cert, key }) {
  return new Promise((resolve, reject) => {
    request(url, { headers: { connection: 'Upgrade', upgrade: protocol, ...headersOf(token) }, ca, cert, key, ALPNProtocols: ['http/1.1'], agent: false })
      .on('upgrade', (answer, socket, head) => {
        if (answer.headers.upgrade?.toLowerCase() !== protocol) return reject(new Error(`upgraded to ${answer.headers.upgrade}`));
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      })
      .on('response', answer => {
        answer.resume();
        reject(new Refused(answer.statusCode, answer.headers['www-authenticate'] ?? null));
      })
      .on('error', reject)
      .end();
  });
}

/** By wss: the sub-protocol h2c-reverse, HTTP/2 in binary messages. */
export function openWebSocket(url, { token, ca, cert, key }) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocol, { headers: headersOf(token), ca, cert, key, perMessageDeflate: false });
    // Made before the handshake ends: nothing that comes right behind it is lost.
    const stream = createWebSocketStream(socket);
    stream.on('error', reject);
    socket
      .on('message', (_, isBinary) => { if (!isBinary) stream.destroy(new Error('the cloud sent text')); })
      .on('open', () => (socket.protocol === protocol ? resolve(stream) : reject(new Error(`the protocol is ${socket.protocol}`))))
      .on('unexpected-response', (_, answer) => reject(new Refused(answer.statusCode, answer.headers['www-authenticate'] ?? null)));
  });
}

export const open = (url, options) => (new URL(url).protocol === 'wss:' ? openWebSocket : openNative)(url, options);
