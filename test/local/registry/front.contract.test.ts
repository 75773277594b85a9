import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { openCertificates, type Certificates } from "../../../local/certificates.ts";
import { openFaults } from "../../../local/faults/faults.ts";
import type { Metadata } from "../../../local/registry/acr/api.ts";
import { openPorts } from "../../../local/ports.ts";
import { openFailures } from "../../../local/registry/failures.ts";
import { serveFront, type Front } from "../../../local/registry/front.ts";
import { digestOf } from "../../../local/registry/storage-lookup.ts";
import type { TokenContext } from "../../../local/registry/token-endpoints.ts";
import { ask } from "../../support/https-client.ts";

const folder = mkdtempSync(join(tmpdir(), "toolwharf-front-"));
let certificates: Certificates;
let front: Front | undefined;
const log: string[] = [];
const faults = openFaults();

beforeAll(async () => void (certificates = await openCertificates(folder)));
afterEach(async () => {
  await front?.close();
  front = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

const context = () =>
  ({
    registry: { id: "/r", mode: "legacy", loginServer: "localhost" },
    tokens: { scopesOf: async () => [{ type: "repository", name: "a", actions: ["pull"] }] },
  }) as unknown as TokenContext;

/** No locks: every request passes on to the storage. */
const metadata = { locks: { admit: async () => true } } as unknown as Metadata;

const serve = async (given: () => TokenContext, port: () => Promise<number>): Promise<string> => {
  const own = await openPorts(join(folder, "ports.json")).reserve("front", []);
  front = await serveFront({ context: given, storage: { port, stop: async () => undefined }, metadata, failures: openFailures(faults, "wharf"), certificate: await certificates.issue(["localhost"]), port: own, log: (line) => log.push(line) });
  return `https://localhost:${own}/v2/a/manifests/v1`;
};
const get = (address: string) => ask(address, certificates.caFile, { agent: false, headers: { authorization: "Bearer x" } });

test.each([
  ["is being started again", () => Promise.reject(new Error("ended"))],
  ["does not listen", () => Promise.resolve(1)],
])("a storage that %s is unavailable for a moment", async (_, port) => {
  log.length = 0;
  expect((await get(await serve(context, port))).status).toBe(503);
  expect(log).toEqual([]);
});

test("a fault of the front is no matter of waiting: it is told as one, and logged", async () => {
  const broken = () => {
    throw new TypeError("detail of the fault");
  };
  const answer = await get(await serve(broken, () => Promise.resolve(1)));
  expect([answer.status, answer.body.includes("detail of")]).toEqual([500, false]);
  expect(log.join()).toContain("detail of the fault");
});

describe("failures on purpose", () => {
  const upload = (address: string, token: string) =>
    ask(address.replace("manifests/v1", "blobs/uploads/u"), certificates.caFile, { method: "PATCH", agent: false, form: "bytes of a layer", headers: { authorization: `Bearer ${token}` } });
  const body = ({ status, body: text }: { status: number; body: string }) => [status, (JSON.parse(text) as { errors: Array<{ code: string }> }).errors[0]!.code];
  const pushing = () => ({ ...context(), tokens: { scopesOf: async () => [{ type: "repository", name: "a", actions: ["pull", "push"] }] } }) as unknown as TokenContext;
  const away = () => Promise.resolve(1);

  test.each([
    ["registry-500", 500, "UNKNOWN"],
    ["registry-503", 503, "UNAVAILABLE"],
  ] as const)("%s, for its kind of requests only", async (name, status, code) => {
    const address = await serve(pushing, away);
    faults.set({ name, requests: "pull", timesLeft: 1 });
    // Nobody is behind the front, so what passes is 503 too; the switch tells whether it happened.
    await upload(address, "x");
    expect(faults.list()).toMatchObject([{ happened: 0 }]);
    expect(body(await get(address))).toEqual([status, code]);
    expect(faults.list()).toEqual([]);
    faults.set({ name, requests: "token", timesLeft: 1 });
    expect(body(await get(new URL("/oauth2/token", address).href))).toEqual([status, code]);
  });

  test("a token expires at a blob, and every request with it is refused from then on", async () => {
    const address = await serve(pushing, away);
    faults.set({ name: "push-token-expired", timesLeft: 1 });
    expect((await get(address)).status).toBe(503);
    const refused = await upload(address, "x");
    expect([...body(refused), refused.headers["www-authenticate"]]).toEqual([401, "UNAUTHORIZED", expect.stringMatching(/^Bearer realm="https:\/\/localhost\/oauth2\/token",service="localhost",scope="repository:a:pull,push"$/)]);
    expect((await get(address)).status).toBe(401);
    expect((await upload(address, "another")).status).toBe(503);
  });
});

test.each([
  [200, "sha256:a"],
  [404, undefined],
  [500, /answered 500 for a:v1/],
  [0, /did not answer within 0.1 s/],
])("a look-up that the storage answers with %s (0: not at all)", async (status, expected) => {
  const storage: Server = createServer((_, response) => void (status && response.writeHead(status, { "docker-content-digest": "sha256:a" }).end()));
  await new Promise<void>((resolve) => storage.listen(0, "127.0.0.1", resolve));
  const found = digestOf((storage.address() as AddressInfo).port, "a", "v1", 100);
  if (expected instanceof RegExp) await expect(found).rejects.toThrow(expected);
  else expect(await found).toBe(expected);
  storage.closeAllConnections();
  storage.close();
});
