/** RFC 5280, 4.2.1.10. */
export const NAME_CONSTRAINTS_OID = "2.5.29.30";

const SEQUENCE = 0x30;
const PERMITTED_SUBTREES = 0xa0;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

const LOOPBACK_V4 = Buffer.from([127, 0, 0, 0, 255, 0, 0, 0]);
const LOOPBACK_V6 = Buffer.concat([Buffer.alloc(15), Buffer.from([1]), Buffer.alloc(16, 0xff)]);

/** One DER element; every one of these is shorter than 128 bytes, so the length is one byte. */
const element = (tag: number, ...content: Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
};

/**
 * "This authority may sign for `localhost`, everything below it, 127.0.0.0/8 and ::1, and for nothing else", as DER.
 * Whoever trusts the authority, even system-wide, cannot be deceived about another site with its key.
 */
export function loopbackOnly(): Buffer {
  const names = [element(DNS_NAME, Buffer.from("localhost")), element(IP_ADDRESS, LOOPBACK_V4), element(IP_ADDRESS, LOOPBACK_V6)];
  return element(SEQUENCE, element(PERMITTED_SUBTREES, ...names.map((name) => element(SEQUENCE, name))));
}
