import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openCertificates } from "../../../local/certificates.ts";
import { secureContexts } from "../../../local/ingress/server-names.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "toolwharf-names-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("one context serves all names of an environment's domain", async () => {
  const contextFor = secureContexts(await openCertificates(folder));
  const [one, other] = await Promise.all(["one", "other.internal"].map((app) => contextFor(`${app}.calmhill-01234567.westeurope.azurecontainerapps.localhost`)));
  expect(one).toBe(other);
});

test("domains come and go, with environments and as whoever connects likes: none of them leaves a file", async () => {
  const contextFor = secureContexts(await openCertificates(folder));
  await contextFor("elsewhere.example");
  const before = readdirSync(folder);
  for (const hash of ["01234567", "12345678", "23456789"]) await contextFor(`app.calmhill-${hash}.westeurope.azurecontainerapps.localhost`);
  expect(readdirSync(folder)).toEqual(before);
});
