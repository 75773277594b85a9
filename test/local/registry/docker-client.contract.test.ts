import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import Docker from "dockerode";
import { TOKEN_USER } from "../../../local/registry/token-endpoints.ts";
import { ask } from "../../support/https-client.ts";
import { makeTinyImage } from "../../support/tiny-image.ts";
import { ServedRegistry } from "../support/served-registry.ts";

/** The `docker` program as it is installed, with a configuration folder of its own. */
const registry = new ServedRegistry();
const engine = new Docker();
const settings = mkdtempSync(join(tmpdir(), "toolwharf-docker-"));
let image: string;

const docker = (args: string[], input = ""): Promise<{ code: number; text: string }> =>
  new Promise((resolve) => {
    const run = execFile("docker", ["--config", settings, ...args], (error, out, err) => resolve({ code: error ? 1 : 0, text: out + err }));
    run.stdin!.end(input);
  });
const login = async (principal: string) => {
  const { token } = await registry.credential(principal).getToken();
  const form = new URLSearchParams({ grant_type: "access_token", service: registry.loginServer, access_token: token }).toString();
  const answer = await ask(`${registry.endpoint}/oauth2/exchange`, registry.caFile, { method: "POST", form });
  return docker(["login", registry.loginServer, "--username", TOKEN_USER, "--password-stdin"], (JSON.parse(answer.body) as { refresh_token: string }).refresh_token);
};

beforeAll(async () => {
  await registry.start();
  registry.grant("reader", "pull/read");
  registry.grant("writer", "pull/read", "push/write");
  image = `${registry.loginServer}/stock/client:v1`;
  await makeTinyImage(engine, image);
}, 60_000);
afterAll(async () => {
  await registry.stop();
  await engine.getImage(image).remove({ force: true }).catch(() => undefined);
  rmSync(settings, { recursive: true, force: true });
});

test("docker login, push, pull and logout, each as far as the principal's role goes", async () => {
  expect((await docker(["pull", image])).text).toContain("unauthorized: authentication required, visit https://aka.ms/acr/authorization");
  expect(await login("reader")).toMatchObject({ code: 0, text: expect.stringContaining("Login Succeeded") });
  expect(await docker(["push", image])).toMatchObject({ code: 1, text: expect.stringContaining("denied: requested access to the resource is denied") });

  expect((await login("writer")).code).toBe(0);
  expect(await docker(["push", image])).toMatchObject({ code: 0, text: expect.stringContaining("v1: digest: sha256:") });

  expect((await login("reader")).code).toBe(0);
  await engine.getImage(image).remove({ force: true });
  expect(await docker(["pull", image])).toMatchObject({ code: 0, text: expect.stringContaining("Status: Downloaded newer image") });
  expect((await docker(["logout", registry.loginServer])).code).toBe(0);
  expect((await docker(["pull", image])).code).toBe(1);
}, 60_000);

test("docker push over a locked tag says what ACR says", async () => {
  await login("writer");
  expect((await docker(["push", image])).code).toBe(0);
  registry.store.put(`registries/${registry.id}/attributes/stock/client`, { byReference: { v1: { writeEnabled: false } } });
  expect(await docker(["push", image])).toMatchObject({ code: 1, text: expect.stringContaining("The operation is disallowed on this registry, repository or image.") });
}, 60_000);
