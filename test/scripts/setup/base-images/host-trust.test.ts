import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { fingerprintOf, hostTrust } from "../../../../scripts/setup/base-images/host-trust.js";

const folder = mkdtempSync(join(tmpdir(), "toolwharf-trust-"));
afterAll(() => rmSync(folder, { recursive: true }));

const OWN = "-----BEGIN CERTIFICATE-----\nT3duUHJveHk=\n-----END CERTIFICATE-----";
const file = join(folder, "proxy.pem");
writeFileSync(file, `# the proxy's\n${OWN}\n`);

test("a proxy's authority that only a variable names is trusted too, once", () => {
  const trust = hostTrust({ NODE_EXTRA_CA_CERTS: file, PIP_CERT: file });
  expect(trust.split(OWN)).toHaveLength(2);
});

test("a variable that names no file is passed over", () => {
  expect(hostTrust({ SSL_CERT_FILE: join(folder, "absent.pem") })).toBe(hostTrust({}));
});

test("another trust is another fingerprint", () => {
  expect(fingerprintOf(hostTrust({ SSL_CERT_FILE: file }))).not.toBe(fingerprintOf(hostTrust({})));
});
