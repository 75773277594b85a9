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

test("of the domains that are asked for the newest 50 stay in memory", async () => {
  const contextFor = secureContexts(await openCertificates(folder));
  const nth = (number: number) => contextFor(`app.calmhill-${10_000_000 + number}.westeurope.azurecontainerapps.localhost`);
  const contexts = await Promise.all(Array.from({ length: 51 }, (_, number) => nth(number)));
  expect(await nth(50)).toBe(contexts[50]);
  expect(await nth(1)).toBe(contexts[1]);
  expect(await nth(0)).not.toBe(contexts[0]);
});
