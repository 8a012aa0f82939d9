// A Target that has gone wrong, for as long as a test wants it.
const rubbish = [
  ['application/json', '{"devices":7}'],
  ['application/json', '[{"device":{"di":7,"rt":"x","dmn":false,"n":null},"status":"sleeping","links":{"href":1}}]'],
  ['application/json', '[null,3,"x",[],{}]'],
  ['application/json', '[{"device":'],
  ['text/html', '<html><body>It works!</body></html>'],
  ['application/json', ''],
  ['application/json', '['.repeat(10000)],
  ['application/json', Buffer.from([0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d])],
  ['application/json', '[{"device":{"di":"../../etc","rt":[],"dmn":[],"n":"x"},"status":"online","links":[{"href":"https://elsewhere.example/x","rt":["x"],"if":["y"]}]}]'],
  ['application/vnd.ocf+cbor', Buffer.from([0x9f, 0x9f, 0x9f])],
];

export class Misbehaviour {
  #modes = new Map();
  #turn = 0;
  #record;

  constructor(record) {
    this.#record = record;
  }

  // Where: api or token. Modes: none, rubbish (each answer another one; variant pins one), endless, redirect, slow (by ms), hang, cut, error (status).
  set({ where = 'api', mode, ...options }) {
    if (!['none', 'rubbish', 'endless', 'redirect', 'slow', 'hang', 'cut', 'error'].includes(mode)) throw new Error(`no mode ${mode}`);
    this.#modes.set(where, { mode, ...options });
  }

  // Whether it has answered, in its way.
  async answers(where, request, response) {
    const { mode = 'none', ms = 1000, status = 500, variant } = this.#modes.get(where) ?? {};
    switch (mode) {
      case 'none':
        return false;
      case 'slow':
        await new Promise(resolve => setTimeout(resolve, ms).unref());
        return response.destroyed;
      case 'error':
        response.writeHead(status, { 'content-type': 'text/plain' }).end('Something is wrong here.');
        return true;
      case 'redirect':
        response.writeHead(302, { location: '/elsewhere' }).end();
        return true;
      case 'cut':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
        response.write('[', () => response.destroy());
        return true;
      case 'rubbish': {
        const [type, body] = rubbish[variant ?? this.#turn++ % rubbish.length];
        response.writeHead(200, { 'content-type': type }).end(body);
        return true;
      }
      case 'endless':
        this.#pour(response);
        return true;
      default:
        return true;
    }
  }

  #pour(response) {
    const chunk = Buffer.alloc(65536, 'a');
    let bytes = 0;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('[{"device":{"n":"');
    const pour = () => {
      for (let more = true; more && !response.destroyed; bytes += chunk.length) more = response.write(chunk);
      this.#record.endlessBytes = Math.max(this.#record.endlessBytes, bytes);
    };
    response.on('drain', pour);
    pour();
  }
}
