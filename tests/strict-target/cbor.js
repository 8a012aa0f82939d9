// CBOR (RFC 8949) as far as representations of resources need it: no tags but they are skipped, no big numbers.
export function encode(value) {
  const parts = [];
  write(parts, value);
  return Buffer.concat(parts);
}

function write(parts, value) {
  if (value === null || value === undefined) parts.push(Buffer.of(0xf6));
  else if (value === false || value === true) parts.push(Buffer.of(value ? 0xf5 : 0xf4));
  else if (Number.isSafeInteger(value)) head(parts, value < 0 ? 1 : 0, value < 0 ? -1 - value : value);
  else if (typeof value === 'number') {
    const bytes = Buffer.alloc(9, 0xfb);
    bytes.writeDoubleBE(value, 1);
    parts.push(bytes);
  } else if (typeof value === 'string') {
    head(parts, 3, Buffer.byteLength(value));
    parts.push(Buffer.from(value));
  } else if (Array.isArray(value)) {
    head(parts, 4, value.length);
    for (const item of value) write(parts, item);
  } else {
    const entries = Object.entries(value);
    head(parts, 5, entries.length);
    for (const [name, item] of entries) {
      write(parts, name);
      write(parts, item);
    }
  }
}

function head(parts, major, count) {
  const type = major << 5;
  if (count < 24) parts.push(Buffer.of(type | count));
  else if (count < 0x100) parts.push(Buffer.of(type | 24, count));
  else if (count < 0x10000) parts.push(Buffer.of(type | 25, count >> 8, count & 0xff));
  else {
    const bytes = Buffer.alloc(9);
    bytes[0] = type | 27;
    bytes.writeBigUInt64BE(BigInt(count), 1);
    parts.push(bytes);
  }
}

// Throws a RangeError or a SyntaxError where the bytes are no single item.
export function decode(bytes) {
  const reader = { bytes, at: 0 };
  const value = read(reader, 0);
  if (reader.at !== bytes.length) throw new SyntaxError('bytes follow the item');
  return value;
}

const BREAK = Symbol('break');

function read(reader, depth) {
  if (depth > 32) throw new SyntaxError('nested too deep');
  const first = reader.bytes.readUInt8(reader.at++);
  const [major, info] = [first >> 5, first & 31];
  if (major === 7) return simple(reader, info);
  const count = info === 31 ? Infinity : argument(reader, info);
  switch (major) {
    case 0: return count;
    case 1: return -1 - count;
    case 2: return string(reader, count, depth);
    case 3: {
      const text = string(reader, count, depth);
      return typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text);
    }
    case 4: {
      const items = [];
      for (let n = 0; n < count; n++) {
        const item = read(reader, depth + 1);
        if (item === BREAK) break;
        items.push(item);
      }
      return items;
    }
    case 5: {
      const map = {};
      for (let n = 0; n < count; n++) {
        const name = read(reader, depth + 1);
        if (name === BREAK) break;
        if (typeof name !== 'string') throw new SyntaxError('a name is no text');
        map[name] = read(reader, depth + 1);
      }
      return map;
    }
    default: return read(reader, depth + 1);
  }
}

function string(reader, count, depth) {
  if (count !== Infinity) {
    if (reader.at + count > reader.bytes.length) throw new RangeError('cut short');
    return reader.bytes.subarray(reader.at, reader.at += count);
  }
  const chunks = [];
  for (let chunk = read(reader, depth + 1); chunk !== BREAK; chunk = read(reader, depth + 1)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function simple(reader, info) {
  switch (info) {
    case 20: return false;
    case 21: return true;
    case 22: case 23: return null;
    case 25: return half(reader.bytes.readUInt16BE((reader.at += 2) - 2));
    case 26: return reader.bytes.readFloatBE((reader.at += 4) - 4);
    case 27: return reader.bytes.readDoubleBE((reader.at += 8) - 8);
    case 31: return BREAK;
    default: throw new SyntaxError('unknown simple value');
  }
}

function half(bits) {
  const [exponent, mantissa] = [(bits >> 10) & 31, bits & 0x3ff];
  const value = exponent === 0 ? mantissa * 2 ** -24 : exponent === 31 ? (mantissa ? NaN : Infinity) : (mantissa + 1024) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -value : value;
}

function argument(reader, info) {
  const { bytes } = reader;
  switch (info) {
    case 24: return bytes.readUInt8(reader.at++);
    case 25: return bytes.readUInt16BE((reader.at += 2) - 2);
    case 26: return bytes.readUInt32BE((reader.at += 4) - 4);
    case 27: return Number(bytes.readBigUInt64BE((reader.at += 8) - 8));
    default:
      if (info < 24) return info;
      throw new SyntaxError('reserved length');
  }
}
