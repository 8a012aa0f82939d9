// What a test may ask for, on plain HTTP at the loopback address: POST /{operation} with a JSON body. Not part of any protocol.
import { createServer } from 'node:http';

export function createControl({ home, events, authorization, api, record, misbehaviour }) {
  const chosen = ({ id, level, di, href } = {}) => s =>
    (id === undefined || s.id === id) && (level === undefined || s.level === level) && (di === undefined || s.di === di) && (href === undefined || s.href === href);
  const operations = {
    online: asked => home.setOnline(asked),
    add: asked => home.add(asked),
    remove: asked => home.remove(asked),
    publish: asked => home.publish(asked),
    unpublish: asked => home.unpublish(asked),
    change: asked => home.change(asked),
    expire: () => authorization.expireAccessTokens(),
    refuseRefresh: () => authorization.dropRefreshTokens(),
    // {on, status}: without events a subscription is answered 404 (405, 501), and those that were are gone.
    events: ({ on, status = 404 }) => {
      api.eventsStatus = on ? null : status;
      if (!on) events.forget(() => true);
    },
    jsonOnly: ({ on }) => { api.jsonOnly = on; },
    misbehave: asked => misbehaviour.set(asked),
    skip: asked => events.skip(chosen(asked), asked.count),
    repeat: asked => events.repeat(chosen(asked)),
    forget: asked => events.forget(chosen(asked)),
    end: asked => events.end(chosen(asked)),
    deliver: asked => events.deliver(asked),
    reset: () => record.reset(),
    state: () => ({
      subscriptions: events.subscriptions.map(({ id, level, di, href, types, accept, eventsUrl, next, queue }) => ({ id, level, di, href, types, accept, eventsUrl, next, undelivered: queue.length })),
      deliveries: events.deliveries,
      devices: home.devices.map(device => ({ di: device.di, online: device.online, resources: Object.fromEntries([...device.resources].map(([href, { rep }]) => [href, rep])) })),
      tokens: authorization.tokens,
      refused: record.refused, declined: record.declined, requests: record.requests, counters: record.counters,
      mostInFlight: record.mostInFlight, certificates: [...record.certificates], endlessBytes: record.endlessBytes,
    }),
  };
  return createServer(async (request, response) => {
    try {
      let text = '';
      for await (const chunk of request) text += chunk;
      const operation = operations[request.url.slice(1)];
      if (!operation) throw new Error(`no operation ${request.url}`);
      const answer = await operation(text ? JSON.parse(text) : {});
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
    } catch (error) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(error.message);
    }
  });
}
