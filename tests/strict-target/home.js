// The devices of the one account: what they are, and what becomes of them. Emits 'event' {type, di, href, value} as the Events API names it.
import { EventEmitter } from 'node:events';

export class Home extends EventEmitter {
  #devices = new Map();

  constructor() {
    super();
    this.add({
      di: '5a0d2c1e-0000-4000-8000-000000000001', name: 'Strict light', type: 'oic.d.light',
      resources: [{ href: '/light', rt: ['oic.r.switch.binary', 'oic.r.light.brightness'], if: ['oic.if.a', 'oic.if.baseline'], rep: { value: false, brightness: 50 } }],
    });
    this.add({
      di: '5a0d2c1e-0000-4000-8000-000000000002', name: 'Strict sensor', type: 'oic.d.sensor',
      resources: [{ href: '/temperature', rt: ['oic.r.temperature'], if: ['oic.if.s', 'oic.if.baseline'], rep: { temperature: 21.5, units: 'C' } }],
    });
  }

  get devices() {
    return [...this.#devices.values()];
  }

  find(di) {
    return this.#devices.get(di.toLowerCase());
  }

  add({ di, name = 'Strict device', type = 'oic.d.light', online = true, resources = [] }) {
    if (this.#devices.has(di)) throw new Error(`${di} is there already`);
    const identity = { rt: ['oic.wk.d', type], di, dmn: [{ language: 'en', value: 'Strict & Sons' }], n: name };
    const device = { di, online, identity, resources: new Map() };
    this.#devices.set(di, device);
    this.#put(device, { href: '/oic/d', rt: identity.rt, if: ['oic.if.r', 'oic.if.baseline'], rep: { ...identity, icv: 'ocf.2.2.0', dmv: 'ocf.res.1.3.0', piid: di } });
    this.#put(device, { href: '/oic/p', rt: ['oic.wk.p'], if: ['oic.if.r', 'oic.if.baseline'], rep: { pi: di, mnmn: 'Strict & Sons' } });
    for (const resource of resources) this.#put(device, resource);
    this.#tell('devices_registered', [{ di }]);
    this.#tell(online ? 'devices_online' : 'devices_offline', [{ di }]);
  }

  remove({ di }) {
    const device = this.#require(di);
    this.#devices.delete(di);
    this.#tell('resources_unpublished', links(device), di);
    this.#tell('devices_unregistered', [{ di }]);
    this.emit('gone', di);
  }

  setOnline({ di, online }) {
    const device = this.#require(di);
    if (device.online === online) return;
    device.online = online;
    this.#tell(online ? 'devices_online' : 'devices_offline', [{ di }]);
  }

  publish({ di, href, rt = ['oic.r.switch.binary'], if: interfaces = ['oic.if.a', 'oic.if.baseline'], rep = { value: false } }) {
    const device = this.#require(di);
    this.#put(device, { href, rt, if: interfaces, rep });
    this.#tell('resources_published', [link(device, device.resources.get(href))], di);
  }

  unpublish({ di, href }) {
    const device = this.#require(di);
    const resource = device.resources.get(href);
    device.resources.delete(href);
    this.#tell('resources_unpublished', [link(device, resource)], di);
    this.emit('gone', di, href);
  }

  // Members that change; whoever observes is told where there was a change.
  change({ di, href, rep }) {
    const resource = this.#require(di).resources.get(href);
    const before = JSON.stringify(resource.rep);
    Object.assign(resource.rep, rep);
    if (JSON.stringify(resource.rep) !== before) this.#tell('resource_contentchanged', { ...resource.rep }, di, href);
  }

  // What the first notification of a type says: how things are.
  actual(type, di, href) {
    switch (type) {
      case 'devices_registered': return this.devices.map(device => ({ di: device.di }));
      case 'devices_online': return this.devices.filter(device => device.online).map(device => ({ di: device.di }));
      case 'devices_offline': return this.devices.filter(device => !device.online).map(device => ({ di: device.di }));
      case 'resources_published': return links(this.find(di));
      case 'resource_contentchanged': return { ...this.find(di).resources.get(href).rep };
      default: return [];
    }
  }

  #put(device, resource) {
    device.resources.set(resource.href, resource);
  }

  #require(di) {
    return this.find(di) ?? (() => { throw new Error(`no device ${di}`); })();
  }

  #tell(type, value, di, href) {
    this.emit('event', { type, value, di, href });
  }
}

export const link = (device, resource) => ({ href: `/${device.di}${resource.href}`, rt: resource.rt, if: resource.if, p: { bm: 3 } });

export const links = device => [...device.resources.values()].map(resource => link(device, resource));

export const base = device => ({ device: device.identity, status: device.online ? 'online' : 'offline', links: links(device) });

export const all = device => ({
  ...base(device), links: [...device.resources.values()].map(resource => ({ href: `/${device.di}${resource.href}`, rep: resource.rep })),
});
