// What the camera answers to a cloud's messages. Prefixes are the sender's choice, so they are looked up and not assumed.
const envelope = 'http://www.w3.org/2003/05/soap-envelope';
const namespaces = {
  tds: 'http://www.onvif.org/ver10/device/wsdl',
  tas: 'http://www.onvif.org/ver10/advancedsecurity/wsdl',
  tup: 'http://www.onvif.org/ver10/uplink/wsdl',
};
const services = { '/onvif/device_service': 'tds', '/onvif/security_service': 'tas', '/onvif/uplink_service': 'tup' };
const escape = text => String(text).replace(/[&<>"]/g, character => `&#${character.codePointAt(0)};`);
const unescape = text => text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot|apos));/gi, (_, decimal, hex, name) =>
  (name ? { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name] : String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16))));

export class Fault extends Error {
  constructor(status, code, subcodes, reason) {
    super(reason);
    Object.assign(this, { status, code, subcodes });
  }
}

/** The body's element of a request: prefix of the service, name, and the texts of its children. */
export function read(xml) {
  const all = [...xml.matchAll(/<(?:([\w.-]+):)?([\w.-]+)((?:\s[^<>]*?)?)\s*\/?>/g)];
  const declared = prefix => new RegExp(prefix ? `\\sxmlns:${prefix}\\s*=\\s*["']([^"']+)["']` : '\\sxmlns\\s*=\\s*["\']([^"\']+)["\']').exec(xml)?.[1];
  const [root] = all;
  if (root?.[2] !== 'Envelope' || declared(root[1]) !== envelope) throw new Fault(400, 'VersionMismatch', [], 'no SOAP 1.2');
  const body = all.findIndex(element => element[2] === 'Body' && declared(element[1]) === envelope);
  if (body < 0 || body + 1 >= all.length) throw new Fault(400, 'Sender', ['WellFormed'], 'no body');
  const [, prefix, name] = all[body + 1];
  const service = Object.keys(namespaces).find(each => namespaces[each] === declared(prefix));
  const texts = Object.fromEntries([...xml.matchAll(/<(?:[\w.-]+:)?([\w.-]+)[^<>]*>([^<>]*)<\//g)].map(([, child, text]) => [child, unescape(text.trim())]));
  return { service, name, texts };
}

const answer = (prefix, name, content) =>
  `<?xml version="1.0" encoding="UTF-8"?><v:Envelope xmlns:v="${envelope}"><v:Body><${prefix}:${name}Response xmlns:${prefix}="${namespaces[prefix]}">${content}</${prefix}:${name}Response></v:Body></v:Envelope>`;

export function writeFault(fault) {
  const inner = fault.subcodes.reduceRight((rest, subcode) => `<v:Subcode><v:Value>e:${subcode}</v:Value>${rest}</v:Subcode>`, '');
  return `<?xml version="1.0" encoding="UTF-8"?><v:Envelope xmlns:v="${envelope}" xmlns:e="http://www.onvif.org/ver10/error"><v:Body><v:Fault><v:Code><v:Value>v:${fault.code}</v:Value>${inner}</v:Code><v:Reason><v:Text xml:lang="en">${escape(fault.message)}</v:Text></v:Reason></v:Fault></v:Body></v:Envelope>`;
}

/** Carries a request out. `faults` maps operations to subcodes with which they always fail. */
export function carry(camera, path, { service, name, texts }) {
  if (services[path] !== service) throw new Fault(500, 'Receiver', ['ActionNotSupported'], `no ${name} at ${path}`);
  if (camera.faults[name]) throw new Fault(400, 'Sender', camera.faults[name].split('/'), 'as it was told to');
  const content = {
    'tds.GetServices': () => Object.entries(services).map(([where, each]) =>
      `<tds:Service><tds:Namespace>${namespaces[each]}</tds:Namespace><tds:XAddr>http://192.0.2.1${where}</tds:XAddr><tds:Version><t:Major xmlns:t="http://www.onvif.org/ver10/schema">25</t:Major><t:Minor xmlns:t="http://www.onvif.org/ver10/schema">12</t:Minor></tds:Version></tds:Service>`).join(''),
    'tds.GetDeviceInformation': () => ['Manufacturer', 'Model', 'FirmwareVersion', 'SerialNumber', 'HardwareId']
      .map(member => `<tds:${member}>${escape(camera.information[member])}</tds:${member}>`).join(''),
    'tds.UpgradeFirmware': () => {
      camera.information.FirmwareVersion = texts.Version;
      return '<tds:ExpectedDownTime>PT3M</tds:ExpectedDownTime>';
    },
    'tup.GetServiceCapabilities': () => '<tup:Capabilities MaxUplinks="2" Protocols="https wss" AuthorizationModes="mTLS AccessToken" StreamingOverUplink="false"/>',
    'tup.GetUplinks': () => `<tup:Configuration><tup:RemoteAddress>${escape(camera.url)}</tup:RemoteAddress><tup:UserLevel>Administrator</tup:UserLevel><tup:Status>Connected</tup:Status></tup:Configuration>`,
  }[`${service}.${name}`];
  if (!content) throw new Fault(500, 'Receiver', ['ActionNotSupported'], `no ${name}`);
  return answer(service, name, content());
}
