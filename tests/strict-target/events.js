// Subscriptions and the delivery of their events: numbered from 0, signed, in order, each until a 2xx.
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:https';
import { encode } from './cbor.js';

const ATTEMPT = 5000, FIRST_WAIT = 100, LONGEST_WAIT = 1000, MOST = 5000;

export class Events {
  on = true;
  // Every attempt: {subscription, number, type, status, error}.
  deliveries = [];
  #subscriptions = new Map();
  #home;
  #record;
  #agent;
  #stopped = false;

  constructor(home, record, trust) {
    this.#home = home;
    this.#record = record;
    this.#agent = new Agent({ keepAlive: true, ca: trust });
    home.on('event', event => this.#tell(event));
    home.on('gone', (di, href) => this.end(s => s.di === di && (href === undefined || s.href === href)));
  }

  get subscriptions() {
    return [...this.#subscriptions.values()].filter(s => !s.ended);
  }

  find(id) {
    const subscription = this.#subscriptions.get(id);
    return subscription?.ended ? undefined : subscription;
  }

  // The first notifications wait for start(), when the answer with the id is out.
  subscribe(options) {
    const subscription = { ...options, id: randomUUID(), next: 0, queue: [], sent: null, ended: false, sending: false, started: false };
    this.#subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  start(subscription) {
    // What it belongs to may have gone before the answer was out.
    if (subscription.ended) return;
    subscription.started = true;
    for (const type of subscription.types) this.#enqueue(subscription, type, this.#home.actual(type, subscription.di, subscription.href));
  }

  // Ends with one last notification, and is unknown from now on.
  end(where) {
    for (const subscription of this.subscriptions.filter(where)) {
      this.#enqueue(subscription, 'subscription_cancelled');
      subscription.ended = true;
    }
  }

  // Ends without a word, as a cloud does that lost its store.
  forget(where) {
    for (const subscription of this.subscriptions.filter(where)) this.#drop(subscription);
  }

  // An event is lost: its number is never sent.
  skip(where, count = 1) {
    for (const subscription of this.subscriptions.filter(where)) subscription.next += count;
  }

  // The last event that was sent comes once more.
  repeat(where) {
    for (const subscription of this.subscriptions.filter(where)) if (subscription.sent) subscription.queue.unshift(subscription.sent), this.#send(subscription);
  }

  // One request past the queue, with headers and secret as given: what a liar sends. Gives the status.
  async deliver({ id, number, type, body, headers = {}, secret, signature, age = 0 }) {
    const subscription = this.#subscriptions.get(id);
    const notification = this.#notification(subscription, number ?? subscription.next, type, body, Math.floor(Date.now() / 1000) - age);
    const signed = { ...this.#headers({ ...subscription, secret: secret ?? subscription.secret }, notification), ...headers };
    if (signature !== undefined) signed['Event-Signature'] = signature;
    return await this.#post(subscription, signed, notification.body);
  }

  stop() {
    this.#stopped = true;
    this.#agent.destroy();
  }

  #tell({ type, value, di, href }) {
    for (const subscription of this.subscriptions) {
      if (subscription.started && subscription.types.includes(type) && subscription.di === di && subscription.href === href) this.#enqueue(subscription, type, value);
    }
  }

  #enqueue(subscription, type, value) {
    subscription.queue.push(this.#notification(subscription, subscription.next++, type, value, Math.floor(Date.now() / 1000)));
    this.#send(subscription);
  }

  #notification(subscription, number, type, value, timestamp) {
    const contentType = value === undefined ? '' : subscription.accept;
    const body = value === undefined ? Buffer.alloc(0) : contentType === 'application/json' ? Buffer.from(JSON.stringify(value)) : encode(value);
    return { number, type, contentType, body, timestamp };
  }

  #headers(subscription, { number, type, contentType, body, timestamp }) {
    const hmac = createHmac('sha256', subscription.secret);
    for (const part of [contentType, type, subscription.id, number, timestamp]) hmac.update(`${part}:`);
    return {
      ...contentType && { 'Content-Type': contentType }, 'Content-Length': body.length, Accept: 'application/json', 'Event-Type': type, 'Subscription-ID': subscription.id,
      'Sequence-Number': String(number), 'Event-Timestamp': String(timestamp), 'Correlation-ID': subscription.correlation, 'Event-Signature': hmac.update(body).digest('hex'),
    };
  }

  async #send(subscription) {
    if (subscription.sending) return;
    subscription.sending = true;
    let wait = FIRST_WAIT;
    while (subscription.queue.length > 0 && !this.#stopped) {
      const notification = subscription.queue[0];
      const { status, error } = await this.#post(subscription, this.#headers(subscription, notification), notification.body);
      this.deliveries.push({ subscription: subscription.id, number: notification.number, type: notification.type, status, error });
      if (this.deliveries.length > MOST) this.deliveries.shift();
      if (!this.#subscriptions.has(subscription.id)) return;
      if (status === 410) return this.#drop(subscription);
      if (status >= 200 && status < 300) {
        subscription.sent = subscription.queue.splice(subscription.queue.indexOf(notification), 1)[0];
        wait = FIRST_WAIT;
      } else {
        await new Promise(resolve => setTimeout(resolve, wait).unref());
        wait = Math.min(wait * 2, LONGEST_WAIT);
      }
    }
    subscription.sending = false;
    if (subscription.ended && subscription.queue.length === 0) this.#drop(subscription);
  }

  #post(subscription, headers, body) {
    return new Promise(resolve => {
      const call = request(subscription.eventsUrl, { method: 'POST', agent: this.#agent, headers, timeout: ATTEMPT }, answer => {
        // ISO/IEC 30118-10, 5.3: the same value is in any response.
        if (answer.headers['correlation-id'] !== headers['Correlation-ID']) this.#record.refuse('event', `${answer.statusCode} without the Correlation-ID of the request`);
        answer.resume();
        answer.on('close', () => resolve({ status: answer.statusCode }));
      });
      call.on('timeout', () => call.destroy(new Error('timeout')));
      call.on('error', error => resolve({ status: 0, error: error.code ?? error.message }));
      call.end(body);
    });
  }

  #drop(subscription) {
    subscription.ended = true;
    subscription.queue.length = 0;
    this.#subscriptions.delete(subscription.id);
  }
}
