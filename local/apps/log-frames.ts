const HEADER_BYTES = 8;

/** The engine's log stream: frames of an 8-byte header (stream, three zeros, length) and text. */
export function withoutFrames(bytes: Buffer): string {
  const texts: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const end = at + HEADER_BYTES + bytes.readUInt32BE(at + 4);
    texts.push(bytes.subarray(at + HEADER_BYTES, end));
    at = end;
  }
  return Buffer.concat(texts).toString("utf8");
}
