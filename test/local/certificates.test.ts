import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { get, createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openCertificates } from "../../local/certificates.ts";

const APP = "flask-echo.livelyforest-01234567.westeurope.azurecontainerapps.localhost";
const NAMES = ["*.livelyforest-01234567.westeurope.azurecontainerapps.localhost", "localhost", "127.0.0.1"];

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "toolwharf-ca-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("the miniature's certificate authority", () => {
  test("its certificates verify for the names they were made for", async () => {
    const certificates = await openCertificates(folder);
    const leaf = await certificates.issue(NAMES);
    for (const name of [APP, "localhost"]) expect(await handshake(leaf, certificates.caPem, name)).toBe("verified");
    expect(await handshake(leaf, certificates.caPem, "elsewhere.localhost")).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("it can vouch for nothing but loopback names", async () => {
    const certificates = await openCertificates(folder);
    const stolen = await certificates.issue(["bank.example"]);
    expect(await handshake(stolen, certificates.caPem, "bank.example")).toBe("permitted subtree violation");
  });

  test("authority and certificates are the same after a restart, keys readable by the owner only", async () => {
    const first = await openCertificates(folder);
    const leaf = await first.issue(NAMES);
    const second = await openCertificates(folder);
    expect(second.caPem).toBe(first.caPem);
    expect(await second.issue([...NAMES].reverse())).toEqual(leaf);
    expect(readFileSync(second.caFile, "utf8")).toBe(first.caPem);
    expect(statSync(join(folder, "ca-key.pem")).mode & 0o777).toBe(0o600);
  });

  test("certificates of a former authority are not used again", async () => {
    const former = await openCertificates(folder);
    await former.issue(NAMES);
    rmSync(join(folder, "ca-key.pem"));
    const certificates = await openCertificates(folder);
    expect(await handshake(await certificates.issue(NAMES), certificates.caPem, APP)).toBe("verified");
  });

  test("one that is signed for nobody to keep verifies, and leaves nothing on the disk", async () => {
    const certificates = await openCertificates(folder);
    const before = readdirSync(folder);
    expect(await handshake(await certificates.sign(NAMES), certificates.caPem, APP)).toBe("verified");
    expect(readdirSync(folder)).toEqual(before);
  });

  test("two who ask at once get the same certificate", async () => {
    const certificates = await openCertificates(folder);
    const [one, other] = await Promise.all([certificates.issue(NAMES), certificates.issue(NAMES)]);
    expect(new X509Certificate(one.certPem).fingerprint256).toBe(new X509Certificate(other.certPem).fingerprint256);
  });
});

/** `verified`, or the code that Node refuses the certificate with. */
async function handshake(leaf: { certPem: string; keyPem: string }, ca: string, servername: string): Promise<string> {
  const server = createServer({ cert: leaf.certPem, key: leaf.keyPem }, (_, response) => response.end()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    return await new Promise<string>((resolve) => {
      get({ host: "127.0.0.1", port: (server.address() as AddressInfo).port, ca, servername, agent: false }, (response) => {
        response.resume();
        resolve("verified");
      }).on("error", (error: NodeJS.ErrnoException) => resolve(error.code === "UNSPECIFIED" ? error.message : (error.code ?? "")));
    });
  } finally {
    server.close();
  }
}
