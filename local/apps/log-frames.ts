const HEADER_BYTES = 8;

/** The engine's log stream: frames of an 8-byte header (stream, three zeros, length) and text. */
export function withoutFrames(bytes: Buffer): string {
  return Buffer.concat([...new FrameReader().texts(bytes)]).toString("utf8");
}

/** The same for a stream, whose chunks end anywhere: gives on what is there of a frame, and keeps nothing but a part of a header. */
export class FrameReader {
  #header = Buffer.alloc(0);
  /** Bytes of the current frame that are still to come. */
  #left = 0;

  *texts(chunk: Buffer): Generator<Buffer> {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left === 0) {
        const part = chunk.subarray(at, at + HEADER_BYTES - this.#header.length);
        this.#header = Buffer.concat([this.#header, part]);
        at += part.length;
        if (this.#header.length < HEADER_BYTES) return;
        this.#left = this.#header.readUInt32BE(4);
        this.#header = Buffer.alloc(0);
        continue;
      }
      const text = chunk.subarray(at, at + this.#left);
      at += text.length;
      this.#left -= text.length;
      yield text;
    }
  }
}
