/** RFC 1035, 4.1 and 3.2. */
const HEADER_BYTES = 12;
const TYPE_A = 1;
const CLASS_IN = 1;
const POINTER = 0xc0;
const RESPONSE = 0x8000;
const OPCODE = 0x7800;
const AUTHORITATIVE = 0x0400;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;
/** Short, because an app that is made or deleted changes what a name means. */
const TTL_SECONDS = 5;

interface Question {
  /** Lower case, without the last dot. */
  name: string;
  type: number;
  /** Where the question ends in the message. */
  end: number;
}

/**
 * Answers one DNS message whose only question is an ordinary one for a name that is ours: an A record for `address` (IPv4), and no
 * record, without an error, for any other type.
 *
 * @returns the answer; `undefined` when it is for somebody else to answer
 */
export function answerName(message: Buffer, isOurs: (name: string) => boolean, address: string): Buffer | undefined {
  const question = questionOf(message);
  if (!question || !isOurs(question.name)) return undefined;
  const header = Buffer.alloc(HEADER_BYTES);
  const wantsAddress = question.type === TYPE_A;
  const asked = message.readUInt16BE(2) & RECURSION_DESIRED;
  header.writeUInt16BE(message.readUInt16BE(0), 0);
  header.writeUInt16BE(RESPONSE | AUTHORITATIVE | RECURSION_AVAILABLE | asked, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(wantsAddress ? 1 : 0, 6);
  const parts = [header, message.subarray(HEADER_BYTES, question.end)];
  return Buffer.concat(wantsAddress ? [...parts, addressRecord(address)] : parts);
}

/** For the name of the question, which it points at. */
function addressRecord(address: string): Buffer {
  const record = Buffer.from([POINTER, HEADER_BYTES, 0, TYPE_A, 0, CLASS_IN, 0, 0, 0, TTL_SECONDS, 0, 4, 0, 0, 0, 0]);
  address.split(".").forEach((part, index) => record.writeUInt8(Number(part), 12 + index));
  return record;
}

function questionOf(message: Buffer): Question | undefined {
  if (message.length < HEADER_BYTES) return undefined;
  const flags = message.readUInt16BE(2);
  if (flags & (RESPONSE | OPCODE) || message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = message[at];
    // A pointer in a question would point at itself.
    if (length === undefined || length >= POINTER) return undefined;
    at += 1;
    if (length === 0) break;
    if (at + length > message.length) return undefined;
    labels.push(message.toString("latin1", at, at + length));
    at += length;
  }
  if (labels.length === 0 || at + 4 > message.length || message.readUInt16BE(at + 2) !== CLASS_IN) return undefined;
  return { name: labels.join(".").toLowerCase(), type: message.readUInt16BE(at), end: at + 4 };
}
