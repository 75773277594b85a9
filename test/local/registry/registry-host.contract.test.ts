import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import Docker from "dockerode";
import type { ArmDocument } from "../../../local/arm/hosts.ts";
import { openCertificates } from "../../../local/certificates.ts";
import { layoutOf } from "../../../local/layout.ts";
import { openPorts } from "../../../local/ports.ts";
import { createRegistryHost } from "../../../local/registry/registry-host.ts";
import { ask, type Answer } from "../../support/https-client.ts";
import { finished, makeTinyImage } from "../../support/tiny-image.ts";
import { memoryStore } from "../support/memory-store.ts";

type Host = Awaited<ReturnType<typeof createRegistryHost>>;

const ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/trial01";
const document: ArmDocument = { id: ID, name: "trial01", type: "Microsoft.ContainerRegistry/registries", properties: {} };
const RIGHTS = { pull: "pull/read", push: "push/write", delete: "artifacts/delete" };
const TOKEN_USER = "00000000-0000-0000-0000-000000000000";

const docker = new Docker();
const project = mkdtempSync(join(tmpdir(), "toolwharf-registry-"));
const layout = layoutOf(project);
const store = memoryStore();
let granted = new Set<string>();
let host: Host;
let server: string;
let caFile: string;
let image: string;

const access = {
  allows: (principal: string, _kind: string, action: string, scope: string) =>
    scope === ID && granted.has(`${principal} ${action.replace("Microsoft.ContainerRegistry/registries/", "")}`),
};
/** Entra: the token of `me` is "token of me". */
const tokens = {
  verify: async (token: string) => {
    if (!token.startsWith("token of ")) throw new Error("not a token");
    return { principalId: token.slice(9), tenantId: "tenant" };
  },
};
const grant = (principal: string, ...rights: Array<keyof typeof RIGHTS>) => rights.forEach((right) => granted.add(`${principal} ${RIGHTS[right]}`));

const open = async (): Promise<void> => {
  const certificates = await openCertificates(layout.certificates);
  caFile = certificates.caFile;
  host = await createRegistryHost({ layout, store, ports: openPorts(layout.portsFile), certificates, tokens, access });
};

beforeAll(async () => {
  await open();
  server = (await host.start(document)).loginServer;
  image = `${server}/flask/echo`;
  await makeTinyImage(docker, `${image}:v1`);
}, 60_000);

afterAll(async () => {
  await host.close();
  await Promise.all((await docker.listImages({ filters: { reference: [image] } })).map(({ Id }) => docker.getImage(Id).remove({ force: true })));
  rmSync(project, { recursive: true, force: true });
});

beforeEach(() => void (granted = new Set()));

const post = (path: string, form: Record<string, string>): Promise<Answer> =>
  ask(`https://${server}${path}`, caFile, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    form: new URLSearchParams(form).toString(),
  });
const exchanged = (entraToken: string) => post("/oauth2/exchange", { grant_type: "access_token", service: server, tenant: "tenant", access_token: entraToken });
const refreshToken = async (principal: string): Promise<string> => JSON.parse((await exchanged(`token of ${principal}`)).body).refresh_token as string;
const accessToken = async (principal: string, scope: string): Promise<string> =>
  JSON.parse((await post("/oauth2/token", { grant_type: "refresh_token", service: server, scope, refresh_token: await refreshToken(principal) })).body).access_token as string;
const get = (path: string, token?: string, method = "GET") =>
  ask(`https://${server}${path}`, caFile, { method, headers: { accept: "application/vnd.docker.distribution.manifest.v2+json", ...(token && { authorization: `Bearer ${token}` }) } });

const login = async (principal: string) => ({ username: TOKEN_USER, password: await refreshToken(principal), serveraddress: server });
const push = async (principal: string, tag = "v1") =>
  finished(docker, await docker.getImage(`${image}:${tag}`).push({ authconfig: await login(principal) }));
const pull = async (principal: string | undefined, reference: string) =>
  finished(docker, await docker.pull(reference, principal ? { authconfig: await login(principal) } : {}));

describe("the registry's token flow", () => {
  test("who comes without a token is shown the way in ACR's words", async () => {
    const base = await get("/v2/");
    expect(base.status).toBe(401);
    expect(base.headers["www-authenticate"]).toBe(`Bearer realm="https://${server}/oauth2/token",service="${server}"`);
    const manifest = await get("/v2/flask/echo/manifests/v1");
    expect(manifest.status).toBe(401);
    expect(manifest.headers["www-authenticate"]).toBe(`Bearer realm="https://${server}/oauth2/token",service="${server}",scope="repository:flask/echo:pull"`);
    expect(JSON.parse(manifest.body)).toEqual({
      errors: [
        {
          code: "UNAUTHORIZED",
          message: "authentication required, visit https://aka.ms/acr/authorization for more information.",
          detail: [{ Type: "repository", Name: "flask/echo", Action: "pull" }],
        },
      ],
    });
  });

  test("a token that does not cover the request is insufficient", async () => {
    grant("reader", "pull");
    const answer = await get("/v2/other/manifests/v1", await accessToken("reader", "repository:flask/echo:pull"));
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toContain('error="insufficient_scope"');
  });

  test.each([
    ["an Entra token of somebody else", { grant_type: "access_token", tenant: "tenant", access_token: "forged" }, 401],
    ["another tenant", { grant_type: "access_token", tenant: "elsewhere", access_token: "token of me" }, 401],
    ["another grant", { grant_type: "password", access_token: "token of me" }, 400],
  ])("the exchange refuses %s", async (_, form, status) => {
    expect((await post("/oauth2/exchange", { service: server, ...form } as Record<string, string>)).status).toBe(status);
  });

  test("an access token is no refresh token, and neither opens another registry", async () => {
    grant("me", "pull");
    const token = await accessToken("me", "repository:a:pull");
    expect((await post("/oauth2/token", { grant_type: "refresh_token", service: server, refresh_token: token })).status).toBe(401);
    expect((await post("/oauth2/token", { grant_type: "refresh_token", service: "localhost:1", refresh_token: await refreshToken("me") })).status).toBe(400);
    expect((await get("/v2/", await refreshToken("me"))).status).toBe(401);
  });
});

describe("the Docker engine at the registry", () => {
  test("logs in with a refresh token, and not with another password", async () => {
    expect(await docker.checkAuth(await login("me"))).toMatchObject({ Status: "Login Succeeded" });
    await expect(docker.checkAuth({ ...(await login("me")), password: "wrong" })).rejects.toThrow(/unauthorized: authentication required/);
  });

  test("without AcrPush the push is refused, with it it passes", async () => {
    await expect(push("developer")).rejects.toThrow(/unauthorized: authentication required, visit https:\/\/aka.ms\/acr\/authorization/);
    grant("developer", "pull");
    await expect(push("developer")).rejects.toThrow("denied: requested access to the resource is denied");
    grant("developer", "push");
    await push("developer");
  });

  test("without AcrPull the pull is refused, anonymously too, with it it passes", async () => {
    await expect(pull("app", `${image}:v1`)).rejects.toThrow(/unauthorized: authentication required, visit https:\/\/aka.ms\/acr\/authorization/);
    await expect(pull(undefined, `${image}:v1`)).rejects.toThrow(/unauthorized: authentication required/);
    grant("app", "pull");
    await docker.getImage(`${image}:v1`).tag({ repo: `${image}-kept`, tag: "v1" });
    await docker.getImage(`${image}:v1`).remove();
    await pull("app", `${image}:v1`);
    await docker.getImage(`${image}-kept:v1`).remove();
  });

  test("a layer larger than any buffer passes whole", async () => {
    grant("developer", "pull", "push");
    const name = `${image}:large`;
    const archive = tarOf("large", randomBytes(24 * 1024 * 1024));
    const { Readable } = await import("node:stream");
    await finished(docker, await docker.importImage(Readable.from([archive]), { repo: image, tag: "large" }));
    const before = (await docker.getImage(name).inspect()).RootFS!.Layers;
    await push("developer", "large");
    await docker.getImage(name).remove({ force: true });
    await pull("developer", name);
    expect((await docker.getImage(name).inspect()).RootFS!.Layers).toEqual(before);
  });

  test("the credential for an app's identity pulls as that identity", async () => {
    grant("identity", "pull");
    const credential = await host.pullCredential(server, "identity");
    await finished(docker, await docker.pull(`${image}:v1`, { authconfig: { ...credential, serveraddress: server } }));
  });
});

describe("manifests", () => {
  test("a missing one is reported in ACR's words", async () => {
    grant("reader", "pull");
    const token = await accessToken("reader", "repository:flask/echo:pull");
    const tag = await get("/v2/flask/echo/manifests/nowhere", token);
    expect(tag.status).toBe(404);
    expect(JSON.parse(tag.body)).toEqual({ errors: [{ code: "MANIFEST_UNKNOWN", message: 'manifest tagged by "nowhere" is not found', detail: { Tag: "nowhere" } }] });
    expect((await get("/v2/flask/echo/manifests/nowhere", token, "HEAD")).status).toBe(404);
    const digest = `sha256:${"0".repeat(64)}`;
    expect(JSON.parse((await get(`/v2/flask/echo/manifests/${digest}`, token)).body)).toMatchObject({ errors: [{ message: `manifest ${digest} is not found` }] });
  });

  test("are listed, read and deleted with the rights for it", async () => {
    grant("owner", "pull", "push", "delete");
    await push("owner");
    const token = await accessToken("owner", "registry:catalog:* repository:flask/echo:*");
    expect(JSON.parse((await get("/v2/_catalog", token)).body)).toEqual({ repositories: ["flask/echo"] });
    const manifest = await get("/v2/flask/echo/manifests/v1", token);
    expect(manifest.status).toBe(200);
    const path = `/v2/flask/echo/manifests/${String(manifest.headers["docker-content-digest"])}`;
    expect(await host.resolve(server, "flask/echo", "v1", "owner")).toEqual({ digest: manifest.headers["docker-content-digest"] });

    expect((await get(path, await accessToken("owner", "repository:flask/echo:pull,push"), "DELETE")).status).toBe(401);
    expect((await get(path, token, "DELETE")).status).toBe(202);
    expect((await get(path, token)).status).toBe(404);
  });

  test("a lookup as an app's identity is refused as ACR refuses it", async () => {
    expect(await host.resolve(server, "flask/echo", "v1", "nobody")).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    expect(await host.resolve(server, "flask/echo", "v1", undefined)).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    grant("app", "pull");
    expect(await host.resolve(server, "flask/echo", "v9", "app")).toMatchObject({ error: { code: "MANIFEST_UNKNOWN" } });
  });
});

describe("a registry that goes and comes", () => {
  const storagePid = () => (JSON.parse(readFileSync(join(layout.registries, "trial01", "process.json"), "utf8")) as { pid: number }).pid;

  test("storage that dies is started again with its content", async () => {
    grant("developer", "pull", "push");
    await push("developer");
    process.kill(storagePid(), "SIGKILL");
    await sleep(50);
    expect((await get("/v2/flask/echo/manifests/v1", await accessToken("developer", "repository:flask/echo:pull"))).status).toBe(200);
  });

  test("after a restart the address, the content and a former login are good, and a left process is ended", async () => {
    grant("developer", "pull", "push");
    const [login, left] = [await refreshToken("developer"), storagePid()];
    await host.close();
    const { startStorage } = await import("../../../local/registry/storage-process.ts");
    const orphan = await startStorage(join(layout.registries, "trial01"), () => undefined);
    const orphanPid = storagePid();
    expect(orphanPid).not.toBe(left);
    await open();
    expect((await host.start(document)).loginServer).toBe(server);
    expect(existsSync(`/proc/${orphanPid}/fd/0`)).toBe(false);
    const { body } = await post("/oauth2/token", { grant_type: "refresh_token", service: server, scope: "repository:flask/echo:pull", refresh_token: login });
    expect((await get("/v2/flask/echo/manifests/v1", (JSON.parse(body) as { access_token: string }).access_token)).status).toBe(200);
    await orphan.stop();
  });

  test("a removed registry leaves neither process nor content", async () => {
    const other = { ...document, id: `${ID}x`, name: "trial02" };
    const { loginServer } = await host.start(other);
    const pid = (JSON.parse(readFileSync(join(layout.registries, "trial02", "process.json"), "utf8")) as { pid: number }).pid;
    await host.remove(other.id);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(existsSync(join(layout.registries, "trial02"))).toBe(false);
    await expect(ask(`https://${loginServer}/v2/`, caFile)).rejects.toThrow(/ECONNREFUSED/);
  });

  test("when one of several cannot start, the processes of the others are ended", async () => {
    const other = { ...document, id: `${ID}y`, name: "trial03" };
    const { loginServer } = await host.start(other);
    await host.close();
    const taker = createServer().listen(Number(loginServer.split(":")[1]), "127.0.0.1");
    await once(taker, "listening");

    await expect(open()).rejects.toMatchObject({ code: "PORT_TAKEN" });
    expect(existsSync(join(layout.registries, "trial01", "process.json"))).toBe(false);

    taker.close();
    await open();
    await host.remove(other.id);
  });
});

/** A tar archive with one file, as `docker import` takes it. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0" + "0000000\0" + "0000000\0" + content.length.toString(8).padStart(11, "0") + "\0" + "00000000000\0" + "        " + "0", 100);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(sum.toString(8).padStart(6, "0") + "\0 ", 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512 + 1024)]);
}
