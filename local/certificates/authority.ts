import { createPrivateKey, X509Certificate, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import type { X509Certificate as Root } from "@peculiar/x509";
import { writeWhole } from "../write-whole.ts";
import { loopbackOnly, NAME_CONSTRAINTS_OID } from "./name-constraints.ts";
import { x509 } from "./x509.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** Chromium and Apple refuse leaf certificates that live longer than 398 days. */
const LEAF_DAYS = 397;
/** Clocks of containers and virtual machines run behind now and then. */
const BACKDATED_MS = DAY_MS;

export interface KeyPair {
  certPem: string;
  keyPem: string;
}

export interface Authority {
  certPem: string;
  sign(names: string[]): Promise<KeyPair>;
}

const pem = (label: string, der: ArrayBuffer): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString("base64").match(/.{1,64}/g)!.join("\n")}\n-----END ${label}-----\n`;

const exported = async (keys: webcrypto.CryptoKeyPair): Promise<string> =>
  pem("PRIVATE KEY", await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));

const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;

/** Finds the certificate authority in `folder`, or makes one: an EC key (mode 0600) and a root limited to loopback names. */
export async function openAuthority(folder: string): Promise<Authority & { certFile: string }> {
  mkdirSync(folder, { recursive: true });
  const certFile = join(folder, "ca.pem");
  const keyFile = join(folder, "ca-key.pem");
  if (!usable(certFile, keyFile)) {
    const made = await makeRoot();
    writeWhole(keyFile, made.keyPem, 0o600);
    writeWhole(certFile, made.certPem, 0o644);
  }
  const root = new x509.X509Certificate(readFileSync(certFile, "utf8"));
  const key = await webcrypto.subtle.importKey(
    "pkcs8",
    createPrivateKey(readFileSync(keyFile)).export({ type: "pkcs8", format: "der" }),
    ALGORITHM,
    false,
    ["sign"],
  );
  const certPem = readFileSync(certFile, "utf8");
  return { certFile, certPem, sign: (names) => signLeaf(root, key, certPem, names) };
}

/** A root that is near its end is made again: clients read the file anew at each connection. */
function usable(certFile: string, keyFile: string): boolean {
  if (!existsSync(certFile) || !existsSync(keyFile)) return false;
  try {
    const root = new X509Certificate(readFileSync(certFile));
    const key = createPrivateKey(readFileSync(keyFile));
    return root.checkPrivateKey(key) && root.validToDate.getTime() - Date.now() > LEAF_DAYS * DAY_MS;
  } catch {
    return false;
  }
}

async function makeRoot(): Promise<KeyPair> {
  const keys = await newKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Toolwharf local certificate authority",
    notBefore: new Date(Date.now() - BACKDATED_MS),
    notAfter: new Date(Date.now() + AUTHORITY_DAYS * DAY_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.Extension(NAME_CONSTRAINTS_OID, true, loopbackOnly()),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certPem: root.toString("pem") + "\n", keyPem: await exported(keys) };
}

async function signLeaf(root: Root, signingKey: webcrypto.CryptoKey, rootPem: string, names: string[]): Promise<KeyPair> {
  const keys = await newKeys();
  const leaf = await x509.X509CertificateGenerator.create({
    subject: "CN=Toolwharf local endpoint",
    issuer: root.subject,
    notBefore: new Date(Date.now() - BACKDATED_MS),
    notAfter: new Date(Date.now() + LEAF_DAYS * DAY_MS),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) ? "ip" : "dns", value }))),
      await x509.AuthorityKeyIdentifierExtension.create(root),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certPem: `${leaf.toString("pem")}\n${rootPem}`, keyPem: await exported(keys) };
}
