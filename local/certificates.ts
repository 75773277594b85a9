import { createHash, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openAuthority, type Authority, type KeyPair } from "./certificates/authority.ts";
import { writeWhole } from "./write-whole.ts";

/** A leaf certificate is made again when it would end sooner than this. */
const RENEW_BEFORE_MS = 30 * 24 * 60 * 60 * 1000;

export interface Certificates {
  /** PEM file of the authority: what `curl --cacert`, `NODE_EXTRA_CA_CERTS` and the like are given. */
  caFile: string;
  caPem: string;
  /**
   * A certificate (followed by the authority's) and its key for these names: host names at or below `localhost`,
   * wildcards included, and loopback addresses. The same names get the same certificate until 30 days before its end.
   */
  issue(names: string[]): Promise<KeyPair>;
  /** A new one that nobody keeps: for names that whoever connects can choose, of which the disk would get ever more. */
  sign(names: string[]): Promise<KeyPair>;
}

/** The miniature's certificate authority, kept in `folder` (keys with mode 0600) and made at the first call. */
export async function openCertificates(folder: string): Promise<Certificates> {
  const authority = await openAuthority(folder);
  const pending = new Map<string, Promise<KeyPair>>();
  return {
    caFile: authority.certFile,
    caPem: authority.certPem,
    sign: authority.sign,
    issue(names) {
      const wanted = [...new Set(names.map((name) => name.toLowerCase()))].sort();
      const id = createHash("sha256").update(wanted.join("\n")).digest("hex").slice(0, 16);
      const made = pending.get(id) ?? keptOrNew(authority, join(folder, `leaf-${id}`), wanted).finally(() => pending.delete(id));
      pending.set(id, made);
      return made;
    },
  };
}

async function keptOrNew(authority: Authority, base: string, names: string[]): Promise<KeyPair> {
  const kept = read(base, authority);
  if (kept) return kept;
  const made = await authority.sign(names);
  writeWhole(`${base}-key.pem`, made.keyPem, 0o600);
  writeWhole(`${base}.pem`, made.certPem, 0o644);
  return made;
}

function read(base: string, authority: Authority): KeyPair | undefined {
  if (!existsSync(`${base}.pem`) || !existsSync(`${base}-key.pem`)) return undefined;
  const pair = { certPem: readFileSync(`${base}.pem`, "utf8"), keyPem: readFileSync(`${base}-key.pem`, "utf8") };
  try {
    const leaf = new X509Certificate(pair.certPem);
    const current = leaf.validToDate.getTime() - Date.now() > RENEW_BEFORE_MS;
    return current && leaf.verify(new X509Certificate(authority.certPem).publicKey) ? pair : undefined;
  } catch {
    return undefined;
  }
}
