import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { createHttp } from "../../azure/http.ts";
import type { AzureSession } from "../../components/azure-session.ts";
import { openRegistry } from "../../azure/registry.ts";
import { RecipeError } from "../../recipes/errors.ts";
import { Folder } from "../recipes/folder.ts";
import type { Recipe } from "../../recipes/recipe.ts";
import { TOOL_DEFAULTS } from "../../components/tool-settings.ts";
import type { ToolSource } from "../../components/tool-source.ts";
import { fakeClock } from "../azure/fake-clock.ts";
import { serveFake } from "../azure/fake-server.ts";
import type { FakeServer } from "../azure/fake-server.ts";

const declared: Array<Record<string, unknown>> = [];
jest.unstable_mockModule("../../components/tool-server.ts", () => ({
  ToolServer: class {
    constructor(_name: string, args: Record<string, unknown>) {
      declared.push(args);
    }
  },
}));
const { declareTool, deployableTool } = await import("../../components/tool-deployment.ts");

let server: FakeServer;
let manifest = 200;
beforeEach(async () => {
  declared.length = 0;
  manifest = 200;
  server = await serveFake(({ path }) => (path === "/oauth2/token" ? { body: { access_token: "a" } } : { status: manifest, headers: { "docker-content-digest": "sha256:d" } }));
});
afterEach(async () => server[Symbol.asyncDispose]());

const tool = { name: "weather", folder: "tools/weather", settings: TOOL_DEFAULTS, own: {}, secrets: {}, group: "tools" };
const recipe: Recipe = { runtime: "nodejs", version: 1, protocol: "http", port: 8000, healthPath: "/health", reasons: [], environment: {}, dockerfile: "FROM x", build: { files: {}, context: ".", args: {}, platform: "linux/amd64" } };
const source: ToolSource = { recipe, tag: "t".repeat(24), context: "c", dockerfile: "d", buildArgs: {}, settings: TOOL_DEFAULTS, environment: {}, tags: {}, imageTags: [], secretNames: [] };

async function declare({ asked = true, preview = false }: { asked?: boolean; preview?: boolean } = {}) {
  const http = createHttp(server.caFile);
  const azure = { registry: async () => ({ password: "refresh", registry: openRegistry({ loginServer: server.host, refreshToken: "refresh", http, clock: fakeClock() }) }) } as unknown as AzureSession;
  const platform = {
    location: "westeurope", resourceGroupName: "g", registryId: "/r", loginServer: server.host, registryPermissions: "legacy" as const, environmentId: "/e", defaultDomain: "d", identityId: "/i", storages: {},
  };
  return declareTool(tool, { status: "fulfilled", value: source }, { platform, platformStack: "dev", storageNames: [], readiness: [], azure: preview ? undefined : azure, checkImages: asked, ingressPort: 443, imageTags: [] });
}

describe("before an image is called unchanged", () => {
  test.each([
    [200, false],
    [404, true],
    [401, false],
    [403, false],
  ])("the registry is asked for its tag; it answers %d: missing %p", async (status, missing) => {
    manifest = status;
    expect(await declare()).toMatchObject({ imageName: `${server.host}/tools/weather:${"t".repeat(24)}` });
    expect(declared).toEqual([expect.objectContaining({ missing, password: "refresh" })]);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toContain(`HEAD /v2/tools/weather/manifests/${"t".repeat(24)}`);
  });

  test("a registry that does not answer is a failure of the tool, which is then not declared", async () => {
    manifest = 503;
    expect(await declare()).toEqual({ tool, problem: expect.objectContaining({ code: "REGISTRY_UNREACHABLE" }) });
    expect(declared).toEqual([]);
  });

  test("nothing is asked in a preview, or in a run that does not deploy", async () => {
    await declare({ preview: true });
    await declare({ asked: false });
    expect(server.requests).toEqual([]);
    expect(declared).toEqual([expect.objectContaining({ password: undefined, missing: undefined }), expect.objectContaining({ password: "refresh", missing: false })]);
  });
});

test("a folder that is no tool is told with all its problems", async () => {
  const result = await declareTool(tool, { status: "rejected", reason: new RecipeError([{ code: "FILE_NOT_REGULAR", message: "one" }, { code: "FILE_NOT_REGULAR", message: "two" }]) }, {} as never);
  expect(result).toEqual({ tool, problem: expect.objectContaining({ code: "TOOL_NOT_BUILDABLE", message: expect.stringContaining("problems:\n    one\n    two\n") }) });
});

describe("a tool whose folder cannot be used", () => {
  const rejected = { status: "rejected", reason: new Error("x") } as const;
  const deployable = async (text: string | undefined, own: Partial<typeof TOOL_DEFAULTS> = {}) => {
    using folder = new Folder(text === undefined ? {} : { "tool.yaml": text });
    const { group, settings } = await deployableTool({ ...tool, own, settings: { ...TOOL_DEFAULTS, ...own }, folder: folder.path }, rejected);
    return { group, access: settings.access };
  };

  test.each<[string | undefined, { group: string | undefined; access: string }]>([
    [undefined, { group: "tools", access: "public" }],
    ["port: none\n", { group: "tools", access: "public" }],
    ["group: billing\naccess: internal\nport: none\n", { group: "billing", access: "internal" }],
    ["access: everybody\n", { group: undefined, access: "internal" }],
    ["access: [\n", { group: undefined, access: "internal" }],
    ["group: [x]\naccess: public\n", { group: undefined, access: "internal" }],
  ])("with %j is %j: what cannot be told opens nothing", async (text, expected) => {
    expect(await deployable(text)).toEqual(expected);
  });

  test("has the access that is set for it with the stack", async () => {
    expect(await deployable("access: [\n", { access: "public" })).toMatchObject({ access: "public" });
  });
});
