import { describe, expect, test } from "@jest/globals";
import { createHttp, HttpTimeout } from "../../azure/http.ts";
import type { Http } from "../../azure/http.ts";
import { keepToken } from "../../azure/access-token.ts";
import { exchangeToken, openRegistry, RegistryFailure } from "../../azure/registry.ts";
import { fakeClock } from "./fake-clock.ts";
import { serveFake } from "./fake-server.ts";
import type { Answer, FakeAnswer } from "./fake-server.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

async function open(answer: Answer) {
  const server = await serveFake(answer);
  const http = createHttp(server.caFile);
  const clock = fakeClock();
  return Object.assign(server, {
    clock,
    exchange: (...tokens: string[]) => exchangeToken({ loginServer: server.host, tenantId: "tenant", token: keepToken(async () => tokens.shift() ?? "arm-token"), http, clock }),
    registry: openRegistry({ loginServer: server.host, refreshToken: "refresh", http, clock }),
  });
}

describe("the exchange", () => {
  test("gives ARM's token and takes a refresh token", async () => {
    await using server = await open(() => ({ body: { refresh_token: "refresh" } }));
    expect(await server.exchange()).toBe("refresh");
    expect(server.requests).toEqual([
      expect.objectContaining({ method: "POST", path: "/oauth2/exchange", headers: expect.objectContaining({ "content-type": "application/x-www-form-urlencoded" }) }),
    ]);
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]!.body))).toEqual({ grant_type: "access_token", service: server.host, tenant: "tenant", access_token: "arm-token" });
  });

  test.each([
    [401, true],
    [403, true],
    [500, false],
  ])("refused with %d is a missing role: %p; no token is in the message", async (status, refused) => {
    await using server = await open(() => ({ status, body: { errors: [{ code: "UNAUTHORIZED" }], refresh_token: "secret" } }));
    const error = (await server.exchange().catch((reason: unknown) => reason)) as RegistryFailure;
    expect(error).toBeInstanceOf(RegistryFailure);
    expect(error.refused).toBe(refused);
    expect(error.message).toBe(`the registry ${server.host} did not take the caller's token: it answered ${status}`);
  });

  test.each([["not json"], [{}], [{ refresh_token: "" }]])("an answer %j without a token is an error", async (body) => {
    await using server = await open(() => ({ body }));
    await expect(server.exchange()).rejects.toBeInstanceOf(RegistryFailure);
  });

  test("says what the registry said, never a token", async () => {
    await using server = await open(() => ({ status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "authentication-as-arm is disabled" }, { code: "X" }], refresh_token: "secret" } }));
    await expect(server.exchange()).rejects.toMatchObject({ message: `the registry ${server.host} did not take the caller's token: it answered 401: authentication-as-arm is disabled` });
    await using talkative = await open(() => ({ status: 401, body: { errors: [{ message: "bad token eyJhbGciOi.eyJzdWIi.c2ln" }] } }));
    await expect(talkative.exchange()).rejects.toMatchObject({ message: expect.stringMatching(/answered 401: bad token \(token\)$/) });
  });

  test("is repeated with a new token where the old one is over", async () => {
    await using server = await open(({ body }) => (new URLSearchParams(body).get("access_token") === "old" ? { status: 401, body: {} } : { body: { refresh_token: "refresh" } }));
    expect(await server.exchange("old", "new")).toBe("refresh");
    expect(server.requests).toHaveLength(2);
  });

  test("waits a minute at most for a registry that is new, busy or away", async () => {
    const statuses = [503, 429];
    await using server = await open(() => ({ status: statuses.shift() ?? 200, body: { refresh_token: "refresh" } }));
    expect(await server.exchange()).toBe("refresh");
    expect(server.clock.pauses).toEqual([1_000, 2_000]);
    const clock = fakeClock();
    const send = async () => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" }));
    await expect(exchangeToken({ loginServer: "r", tenantId: "t", token: keepToken(async () => "t"), http: { send }, clock })).rejects.toMatchObject({ code: "ENOTFOUND" });
    expect(clock.pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  test("gives each request five seconds, and says that it was not answered", async () => {
    let limit: number | undefined;
    const clock = fakeClock();
    const send: Http["send"] = async (_url, options) => {
      limit = options?.timeoutMs;
      clock.pass(5_000);
      throw new HttpTimeout("late");
    };
    await expect(exchangeToken({ loginServer: "r", tenantId: "t", token: keepToken(async () => "t"), http: { send }, clock })).rejects.toMatchObject({ code: "ETIMEDOUT" });
    expect(limit).toBe(5_000);
    expect(clock.now()).toBeLessThanOrEqual(65_000);
  });
});

describe("images", () => {
  const registry = (manifest: Answer): Answer => (request) => (request.path === "/oauth2/token" ? { body: { access_token: "access" } } : manifest(request));

  test("are asked for by HEAD, with a token for that repository alone", async () => {
    await using server = await open(registry(() => ({ headers: { "docker-content-digest": DIGEST } })));
    expect(await server.registry.digestOf("tools/weather", "v1")).toBe(DIGEST);
    const [token, manifest] = server.requests;
    expect(Object.fromEntries(new URLSearchParams(token!.body))).toEqual({ grant_type: "refresh_token", service: server.host, scope: "repository:tools/weather:pull", refresh_token: "refresh" });
    expect(manifest).toMatchObject({ method: "HEAD", path: "/v2/tools/weather/manifests/v1", headers: { authorization: "Bearer access", accept: expect.stringContaining("image.index.v1+json") } });
  });

  test("that are not there have no digest", async () => {
    await using server = await open(registry(() => ({ status: 404 })));
    expect(await server.registry.digestOf("tools/weather", "v1")).toBeUndefined();
  });

  test("that may not be read are refused, and a registry that fails is no missing image", async () => {
    await using refusing = await open(({ path }) => (path === "/oauth2/token" ? { status: 401 } : {}));
    await expect(refusing.registry.digestOf("tools/weather", "v1")).rejects.toMatchObject({ refused: true });
    await using failing = await open(registry(() => ({ status: 503 })));
    await expect(failing.registry.digestOf("tools/weather", "v1")).rejects.toMatchObject({ status: 503, refused: false });
    await using odd = await open(registry(() => ({ status: 200 })));
    await expect(odd.registry.digestOf("tools/weather", "v1")).rejects.toBeInstanceOf(RegistryFailure);
  });

  test("are tagged by their own bytes, and only where the tag is not theirs yet", async () => {
    const body = '{"schemaVersion":2}';
    const type = "application/vnd.oci.image.manifest.v1+json";
    let tagged: string | undefined;
    await using server = await open(
      registry(({ method, path }): FakeAnswer => {
        if (method === "HEAD") return tagged === undefined ? { status: 404 } : { headers: { "docker-content-digest": tagged } };
        if (method === "GET") return path.endsWith(DIGEST) ? { headers: { "content-type": type }, body } : { status: 404 };
        tagged = DIGEST;
        return { status: 201 };
      }),
    );
    expect(await server.registry.tagManifest("tools/weather", DIGEST, "latest")).toBe(true);
    const put = server.requests.at(-1)!;
    expect(put).toMatchObject({ method: "PUT", path: "/v2/tools/weather/manifests/latest", body, headers: { "content-type": type, authorization: "Bearer access" } });
    expect(server.requests.map((request) => new URLSearchParams(request.body).get("scope")).filter(Boolean)).toEqual(["repository:tools/weather:pull", "repository:tools/weather:pull,push"]);
    expect(await server.registry.tagManifest("tools/weather", DIGEST, "latest")).toBe(false);
    await expect(server.registry.tagManifest("tools/weather", `sha256:${"b".repeat(64)}`, "latest")).rejects.toMatchObject({ status: 404 });
  });

  test("that may not be tagged are an error with the tag", async () => {
    await using server = await open(registry(({ method }) => (method === "PUT" ? { status: 405 } : method === "HEAD" ? { status: 404 } : { headers: { "content-type": "x" }, body: "{}" })));
    await expect(server.registry.tagManifest("tools/weather", DIGEST, "latest")).rejects.toMatchObject({ status: 405, message: expect.stringContaining("tag tools/weather@sha256:aaaa") });
  });

  test("are deleted by digest", async () => {
    let status = 202;
    await using server = await open(registry(() => ({ status })));
    expect(await server.registry.deleteManifest("tools/weather", DIGEST)).toBe(true);
    expect(new URLSearchParams(server.requests[0]!.body).get("scope")).toBe("repository:tools/weather:delete");
    expect(server.requests[1]).toMatchObject({ method: "DELETE", path: `/v2/tools/weather/manifests/${DIGEST}` });
    status = 404;
    expect(await server.registry.deleteManifest("tools/weather", DIGEST)).toBe(false);
    status = 405;
    await expect(server.registry.deleteManifest("tools/weather", DIGEST)).rejects.toMatchObject({ status: 405 });
  });
});
