/**
 * Just enough of the protobuf wire format for two small BuildKit messages: varints, fixed numbers (skipped) and
 * length-delimited fields, as in https://protobuf.dev/programming-guides/encoding.
 */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Field number to its values, in order: bytes for strings and messages, numbers for varints. */
export type Fields = Map<number, Array<Buffer | number>>;

/** @throws RangeError when the bytes end in the middle of a field. */
export function readFields(bytes: Buffer): Fields {
  const fields: Fields = new Map();
  let offset = 0;

  function varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes.readUInt8(offset);
      offset += 1;
      // Not a bit shift: those are 32 bits wide, and sizes in bytes can be longer.
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  while (offset < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === FIXED64 || wireType === FIXED32) {
      offset += wireType === FIXED64 ? 8 : 4;
      continue;
    }
    if (wireType !== VARINT && wireType !== LENGTH_DELIMITED) throw new RangeError(`protobuf wire type ${wireType} is not supported`);
    const value = varint();
    const field = wireType === VARINT ? value : bytes.subarray(offset, offset + value);
    if (field instanceof Buffer) {
      if (field.length < value) throw new RangeError("protobuf message ends in the middle of a field");
      offset += value;
    }
    fields.set(number, [...(fields.get(number) ?? []), field]);
  }
  return fields;
}

export function text(fields: Fields, number: number): string {
  const value = fields.get(number)?.at(-1);
  return value instanceof Buffer ? value.toString("utf8") : "";
}

export function messagesOf(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).filter((value): value is Buffer => value instanceof Buffer).map((value) => readFields(value));
}

/** A message of string fields only. Empty ones are left out, as protobuf 3 does. */
export function writeStrings(fields: Record<number, string>): Buffer {
  const parts: Buffer[] = [];
  for (const [number, value] of Object.entries(fields)) {
    const bytes = Buffer.from(value, "utf8");
    if (bytes.length > 0) parts.push(varintBytes(Number(number) * 8 + LENGTH_DELIMITED), varintBytes(bytes.length), bytes);
  }
  return Buffer.concat(parts);
}

function varintBytes(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
