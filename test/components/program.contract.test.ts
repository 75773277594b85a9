import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import * as failure from "../../components/failure.ts";
import { appName } from "../../components/naming.ts";
import { FakeAzure, SUBSCRIPTION } from "./fake-azure.ts";
import { mockEngine, registered } from "./mocks.ts";
import type { Mocked } from "./mocks.ts";

// What the program raises is an unhandled rejection on purpose, which Jest would take for a fault of the test.
const raised: unknown[] = [];
jest.unstable_mockModule("../../components/failure.ts", () => ({ ...failure, raise: async (failures: unknown[]) => void raised.push(...failures), shortenConsequences: () => undefined }));
const { default: toolwharf } = await import("../../index.ts");

const here = process.cwd();
let root: string;
let azure: FakeAzure;

let said: ReturnType<typeof jest.spyOn>;
beforeEach(async () => {
  said = jest.spyOn(console, "log").mockImplementation(() => undefined);
  root = mkdtempSync(join(tmpdir(), "toolwharf-program-"));
  process.chdir(root);
  azure = await FakeAzure.start();
  delete process.env.TOOLWHARF_VERIFY;
});
afterEach(async () => {
  process.chdir(here);
  rmSync(root, { recursive: true });
  await azure[Symbol.asyncDispose]();
});

const write = (file: string, text: string) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const tool = (name: string) => {
  write(`tools/${name}/package.json`, "{}");
  write(`tools/${name}/server.js`, name);
};

interface Run {
  mocked: Mocked;
  outputs: Record<string, any>;
  failures: Error[];
}

async function run({ stack = "dev", preview = false, config = {}, platform, createdOn }: { stack?: string; preview?: boolean; config?: Record<string, string>; platform?: Record<string, unknown>; createdOn?: string } = {}): Promise<Run> {
  const mocked = await mockEngine({
    stack,
    preview,
    calls: {
      "azure-native:authorization:getClientConfig": () => ({ subscriptionId: SUBSCRIPTION, tenantId: "tenant", clientId: "c", objectId: "o" }),
      "azure-native:authorization:getClientToken": () => ({ token: "arm-token" }),
      "azure-native:operationalinsights:getSharedKeys": () => ({ primarySharedKey: "key" }),
    },
    loginServer: azure.server.host,
    outputsOfOthers: platform,
    createdOn,
  });
  pulumi.runtime.setAllConfig({
    "azure-native:location": "westeurope",
    "toolwharf:armEndpoint": azure.server.origin,
    "toolwharf:trustedCaFile": azure.server.caFile,
    "toolwharf:ingressPort": String(azure.server.port),
    "toolwharf:lostSeconds": "2",
    ...config,
  });
  raised.length = 0;
  const outputs = await toolwharf();
  await registered(mocked);
  return { mocked, outputs, failures: [...raised] as Error[] };
}

/** As the apps are once the engine has deployed them. */
const deployed = (name: string, more: Partial<Parameters<FakeAzure["apps"]["set"]>[1]> = {}) =>
  azure.apps.set(name, { tags: { "toolwharf-stack": "dev", "toolwharf-tool": `tools/${name}` }, image: `${azure.server.host}/tools/${name}@sha256:${"d".repeat(64)}`, revision: `${name}--one`, ...more });

describe("a platform stack", () => {
  test("deploys every folder and says what is served", async () => {
    for (const name of ["news", "weather"]) {
      tool(name);
      deployed(name);
    }
    const { mocked, outputs, failures } = await run();
    expect(failures).toEqual([]);
    expect(outputs).toMatchObject({
      tools: {
        news: { url: `https://news.apps.localhost:${azure.server.port}`, fqdn: "news.apps.localhost", image: `${azure.server.host}/tools/news@sha256:${"d".repeat(64)}`, revision: "news--one" },
        weather: { fqdn: "weather.apps.localhost", revision: "weather--one" },
      },
      newsFqdn: "news.apps.localhost",
      weatherFqdn: "weather.apps.localhost",
      platform: { resourceGroupName: "toolwharf-dev", loginServer: azure.server.host, registryPermissions: "legacy" },
    });
    expect(mocked.ofType("azure-native:app:ContainerApp").map(({ name }) => name).sort()).toEqual(["news-app", "weather-app"]);
    expect(azure.requests.filter((each) => each === "POST /oauth2/exchange")).toHaveLength(1);
    expect(azure.requests.filter((each) => each === "GET /health")).toHaveLength(2);
  });

  test("asks a revision over HTTPS once, and the registry for each image at every run", async () => {
    tool("weather");
    deployed("weather");
    await run();
    azure.server.requests.length = 0;
    await run();
    expect(azure.requests.filter((each) => each.startsWith("HEAD /v2/tools/weather/manifests/"))).toHaveLength(1);
    expect(azure.requests).not.toContain("GET /health");
  });

  test("says aloud which endpoints are open to everybody", async () => {
    for (const name of ["news", "weather"]) tool(name);
    await run({ config: { "toolwharf:toolSettings": '{"news":{"access":"internal"}}' } });
    expect(said).toHaveBeenCalledWith(expect.stringContaining("open to everybody: weather ("));
  });

  test("runs the folder's command on the tool's port", async () => {
    tool("weather");
    const { mocked } = await run({ config: { "toolwharf:targetPort": "9000" } });
    expect(mocked.find("azure-native:app:ContainerApp", "weather-app").inputs).toMatchObject({ template: { containers: [{ command: ["node", "server.js"], env: expect.arrayContaining([{ name: "PORT", value: "9000" }]) }] } });
  });
});

describe("a tool of a group", () => {
  const app = appName("billing", "weather");
  const inGroup = () => deployed(app, { tags: { "toolwharf-stack": "dev", "toolwharf-tool": "billing/weather" }, image: `${azure.server.host}/billing/weather@sha256:${"d".repeat(64)}` });

  test("has the group's names in Azure and in the registry, and its own in the outputs", async () => {
    tool("weather");
    write("tools/weather/tool.yaml", "component: billing\naccess: internal\n");
    inGroup();
    const { mocked, outputs, failures } = await run();
    expect(failures).toEqual([]);
    expect(mocked.find("azure-native:app:ContainerApp", "weather-app").inputs).toMatchObject({ containerAppName: app, tags: { "toolwharf-tool": "billing/weather" }, configuration: { ingress: { external: false } } });
    expect(mocked.find("docker:index/image:Image", "weather-image").inputs.imageName).toMatch(/\/billing\/weather:[0-9a-f]{24}$/);
    expect(outputs).toMatchObject({ weatherFqdn: `${app}.apps.localhost`, tools: { weather: { revision: `${app}--one` } } });
    expect(azure.requests.some((each) => each.startsWith("HEAD /v2/billing/weather/manifests/"))).toBe(true);
    expect(said).not.toHaveBeenCalledWith(expect.stringContaining("open to everybody"));
  });

  test("is told as it serves when its manifest has a problem", async () => {
    tool("weather");
    write("tools/weather/tool.yaml", "component: billing\nport: none\n");
    inGroup();
    const { outputs, failures } = await run();
    expect(failures.map(({ message }) => message)).toEqual([expect.stringMatching(/^TOOL_NOT_BUILDABLE: weather: .*tool\.yaml:2:7: port is "none"/s)]);
    expect(outputs).toMatchObject({ weatherFqdn: `${app}.apps.localhost` });
  });

  test("keeps the outputs of the last run when its group cannot be read", async () => {
    tool("weather");
    write("tools/weather/tool.yaml", "component: [\n");
    inGroup();
    const { outputs, failures } = await run();
    expect(failures.map(({ message }) => message)).toEqual([expect.stringMatching(/^TOOL_NOT_BUILDABLE: weather: .*tool\.yaml:2:1: is not understood/s)]);
    expect(outputs).not.toHaveProperty("tools");
  });

  test("whose secret has no value is refused alone", async () => {
    for (const name of ["news", "weather"]) tool(name);
    write("tools/weather/tool.yaml", "secrets: [API_KEY]\n");
    const { mocked, failures } = await run();
    expect(failures.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^SECRET_MISSING: weather/));
    expect(mocked.ofType("azure-native:app:ContainerApp").map(({ name }) => name)).toEqual(["news-app"]);
  });
});

describe("a new role that pulls", () => {
  const seconds = { "toolwharf:rolePropagationSeconds": "1" };
  const began = () => {
    const start = performance.now();
    return () => performance.now() - start;
  };

  test("is waited for by the apps", async () => {
    tool("weather");
    deployed("weather");
    const elapsed = began();
    const { outputs } = await run({ config: seconds, createdOn: new Date().toISOString() });
    expect(elapsed()).toBeGreaterThan(900);
    expect(outputs.platform.identityId).toContain("/userAssignedIdentities/toolwharf-dev-pull");
  });

  test("is not waited for where nothing is deployed", async () => {
    process.env.TOOLWHARF_VERIFY = "off";
    tool("weather");
    await run({ config: seconds, createdOn: new Date().toISOString() });
    expect(said).not.toHaveBeenCalledWith(expect.stringContaining("waiting"));
  });
});

describe("a preview", () => {
  test("asks nothing of Azure and knows no password", async () => {
    tool("weather");
    const { mocked, outputs, failures } = await run({ preview: true });
    expect(failures).toEqual([]);
    expect(azure.requests).toEqual([]);
    expect(mocked.called).toEqual([]);
    expect(mocked.find("azure-native:app:ContainerApp", "weather-app").inputs).toMatchObject({ containerAppName: "weather" });
    expect(Object.keys(outputs).sort()).toEqual(["platform", "tools", "weatherFqdn"]);
  });

  test("fails for a folder that cannot be built, and declares the others", async () => {
    tool("weather");
    write("tools/odd/notes.txt", "");
    const { mocked, failures } = await run({ preview: true });
    expect(failures).toEqual([expect.objectContaining({ code: "TOOL_NOT_BUILDABLE" })]);
    expect(mocked.ofType("azure-native:app:ContainerApp").map(({ name }) => name)).toEqual(["weather-app"]);
  });
});

describe("one failing tool", () => {
  test("that cannot be built keeps its outputs, and the others are deployed", async () => {
    tool("weather");
    deployed("weather");
    write("tools/odd/notes.txt", "");
    deployed("odd");
    const { mocked, outputs, failures } = await run();
    expect(failures.map(({ message }) => message)).toEqual([expect.stringMatching(/^TOOL_NOT_BUILDABLE: odd: tools\/odd cannot be made into an image/)]);
    expect(Object.keys(outputs.tools)).toEqual(["odd", "weather"]);
    expect(outputs.oddFqdn).toBe("odd.apps.localhost");
    expect(mocked.ofType("azure-native:app:ContainerApp").map(({ name }) => name)).toEqual(["weather-app"]);
  });

  test("whose new revision is not ready is told as it serves: the old revision with its image", async () => {
    tool("weather");
    deployed("weather", { revision: "weather--two", ready: "weather--one", image: "new", readyImage: "old", runningState: "Failed" });
    const { outputs, failures } = await run();
    expect(failures).toEqual([expect.objectContaining({ code: "TOOL_NOT_READY", message: expect.stringContaining("serving: revision weather--one, as before") })]);
    expect(outputs.tools.weather).toMatchObject({ revision: "weather--one", image: "old" });
  }, 15_000);

  test("of which nothing can be read leaves the outputs of the last run", async () => {
    tool("weather");
    write("tools/odd/notes.txt", "");
    azure.armStatusAfter = { requests: 2, status: 403 };
    const { outputs, failures } = await run();
    expect(Object.keys(outputs)).toEqual(["platform"]);
    expect(failures.map((each) => (each as Error & { code: string }).code).sort()).toEqual(["ARM_UNREADABLE", "ARM_UNREADABLE", "TOOL_NOT_BUILDABLE"]);
  });

  test("that was never there is in no output", async () => {
    write("tools/odd/notes.txt", "");
    const { outputs, failures } = await run();
    expect(failures).toHaveLength(1);
    expect(outputs.tools).toEqual({});
  });
});

describe("path routes", () => {
  const config = { "toolwharf:routes": "wharf" };
  const HOST = "https://wharf.calmsea-01234567.westeurope.azurecontainerapps.io";
  const targets = ({ mocked }: Run): string[] => {
    const [found] = mocked.ofType("azure-native:app:HttpRouteConfig");
    const { rules } = (found?.inputs.properties ?? { rules: [] }) as { rules: Array<{ targets: Array<{ containerApp: string }> }> };
    return rules.map((rule) => rule.targets[0]!.containerApp);
  };
  const routesOf = ({ outputs }: Run): Record<string, unknown> => Object.fromEntries(Object.entries(outputs.tools as Record<string, { route?: string }>).map(([name, { route }]) => [name, route]));
  const both = () => {
    for (const name of ["news", "weather"]) {
      tool(name);
      deployed(name);
    }
  };

  test("lead to every tool that is open to everybody, and to no other", async () => {
    both();
    tool("secret");
    deployed("secret");
    tool("some");
    deployed("some");
    const settings = '{"secret":{"access":"internal"},"some":{"access":"ip-list","allowedIps":["203.0.113.7"]}}';
    const ran = await run({ config: { ...config, "toolwharf:toolSettings": settings } });
    expect(ran.failures).toEqual([]);
    expect(targets(ran)).toEqual(["news", "weather"]);
    expect(routesOf(ran)).toEqual({ news: `${HOST}:${azure.server.port}/tools/news`, secret: undefined, some: undefined, weather: `${HOST}:${azure.server.port}/tools/weather` });
  });

  test.each([
    ["no name is set", {}],
    ["no tool is open", { ...config, "toolwharf:access": "internal" }],
  ])("are not there when %s", async (_when, settings) => {
    both();
    const ran = await run({ config: settings });
    expect(ran.mocked.ofType("azure-native:app:HttpRouteConfig")).toEqual([]);
    expect(routesOf(ran)).toEqual({ news: undefined, weather: undefined });
    expect(ran.outputs.tools.news).not.toHaveProperty("route");
  });

  test("are shown by a preview, which asks nothing of Azure", async () => {
    both();
    tool("secret");
    write("tools/odd/notes.txt", "");
    const ran = await run({ preview: true, config: { ...config, "toolwharf:toolSettings": '{"secret":{"access":"internal"}}' } });
    expect(targets(ran)).toEqual(["news", "weather"]);
    expect(azure.requests).toEqual([]);
    expect(ran.outputs.tools.news).toHaveProperty("route");
  });

  test("keep a tool whose deployment failed and which has an app, and leave out one that has none", async () => {
    both();
    for (const name of ["new", "old"]) write(`tools/${name}/notes.txt`, "");
    deployed("old");
    const ran = await run({ config });
    expect(ran.failures).toHaveLength(2);
    expect(targets(ran)).toEqual(["news", "old", "weather"]);
    expect(routesOf(ran)).toEqual(Object.fromEntries(["news", "old", "weather"].map((name) => [name, `${HOST}:${azure.server.port}/tools/${name}`])));
  });

  test("stay as they are when nobody knows whether an app is there", async () => {
    both();
    write("tools/odd/notes.txt", "");
    process.env.TOOLWHARF_VERIFY = "off";
    azure.closed.add("odd");
    const { mocked, failures } = await run({ config });
    expect(mocked.ofType("azure-native:app:HttpRouteConfig")).toEqual([]);
    expect(failures.map((each) => (each as Error & { code: string }).code).sort()).toEqual(["ARM_UNREADABLE", "TOOL_NOT_BUILDABLE"]);
  });

  test.each(["access: [\n", "access: everybody\n"])("stay as they are when a manifest does not say whom its tool is for: %j", async (manifest) => {
    both();
    write("tools/odd/tool.yaml", manifest);
    const { mocked, failures } = await run({ config });
    expect(mocked.ofType("azure-native:app:HttpRouteConfig")).toEqual([]);
    expect(failures).toEqual([expect.objectContaining({ code: "TOOL_NOT_BUILDABLE" })]);
  });

  test("lead to a tool under the group that its manifest says", async () => {
    both();
    write("tools/news/tool.yaml", "group: press\n");
    const { mocked } = await run({ preview: true, config });
    expect(JSON.stringify(mocked.find("azure-native:app:HttpRouteConfig", "platform-routes").inputs)).toMatch(/"path":"\/press\/news".*"path":"\/tools\/weather"/);
  });

  test("are the platform's alone: a tool stack has none", async () => {
    both();
    deployed("weather", { tags: { "toolwharf-stack": "dev.weather", "toolwharf-tool": "tools/weather" } });
    const environmentId = `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.App/managedEnvironments/e`;
    const others = { location: "x", resourceGroupName: "g", registryId: environmentId, loginServer: azure.server.host, registryPermissions: "legacy", environmentId, defaultDomain: "x", identityId: environmentId };
    const ran = await run({ stack: "dev.weather", config, platform: { "organization/toolwharf/dev": { platform: others } } });
    expect(ran.mocked.ofType("azure-native:app:HttpRouteConfig")).toEqual([]);
    expect(routesOf(ran)).toEqual({ weather: undefined });
  });
});

describe("what the caller may not do is named", () => {
  test("push: the role, once, and no tool is declared", async () => {
    for (const name of ["news", "weather"]) tool(name);
    azure.exchange = 401;
    const { mocked, failures } = await run();
    expect(new Set(failures.map(({ message }) => message))).toEqual(new Set([expect.stringMatching(/^PUSH_REFUSED: .*\n {2}needed: the role "AcrPush" on \/subscriptions\//)]));
    expect(new Set(failures).size).toBe(1);
    expect(failures[0]!.message).toMatch(/az acr config authentication-as-arm show -r toolwharfdevx1y2z3a4$/);
    expect(mocked.ofType("azure-native:app:ContainerApp")).toEqual([]);
  });

  test("read: before anything is declared", async () => {
    tool("weather");
    azure.armStatus = 403;
    await expect(run()).rejects.toMatchObject({ code: "ARM_UNREADABLE", message: expect.stringContaining('the role "Reader"') });
  });
});

describe("what is used and somebody else's", () => {
  const registry = (subscription: string) => `/subscriptions/${subscription}/resourceGroups/theirs/providers/Microsoft.ContainerRegistry/registries/reg`;
  const existing = (subscription: string) => ({ "toolwharf:existing": JSON.stringify({ registryId: registry(subscription) }) });

  test("in another subscription is refused before anything is declared, also on a platform's outputs", async () => {
    tool("weather");
    await expect(run({ config: existing("other") })).rejects.toMatchObject({ code: "SUBSCRIPTION_DIFFERS", message: expect.stringContaining(registry("other")) });
    const outputs = { location: "x", resourceGroupName: "x", registryId: registry("other"), loginServer: "x", registryPermissions: "legacy", environmentId: "/e", defaultDomain: "x", identityId: "/i" };
    await expect(run({ stack: "dev.weather", platform: { "organization/toolwharf/dev": { platform: outputs } } })).rejects.toMatchObject({ code: "SUBSCRIPTION_DIFFERS" });
    expect(azure.requests).toEqual([]);
  });

  test("a registry of the other permission mode is refused before anything is declared", async () => {
    tool("weather");
    azure.documents.set(registry(SUBSCRIPTION), { properties: { roleAssignmentMode: "AbacRepositoryPermissions" } });
    await expect(run({ config: existing(SUBSCRIPTION) })).rejects.toMatchObject({ code: "REGISTRY_PERMISSIONS_DIFFER" });
  });
});

describe("a name that is taken", () => {
  test.each([
    [{ "toolwharf-stack": "prod", "toolwharf-tool": "tools/weather" }, "the stack prod, as tools/weather"],
    [{ "toolwharf-stack": "dev", "toolwharf-tool": "sky/weather" }, "the stack dev, as sky/weather"],
    [{}, "nobody that toolwharf knows"],
  ])("by %j is refused before anything is declared, with its owner", async (tags, owner) => {
    tool("weather");
    deployed("weather", { tags: tags as Record<string, string> });
    const mocked = await run().then(
      () => undefined,
      (error: Error & { code: string }) => error,
    );
    expect(mocked).toMatchObject({ code: "TOOL_TAKEN", message: expect.stringContaining(owner) });
  });
});

describe("a tool stack", () => {
  const platform = () => ({
    location: "westeurope",
    resourceGroupName: "toolwharf-dev",
    registryId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r`,
    loginServer: azure.server.host,
    registryPermissions: "legacy",
    environmentId: "/environment",
    defaultDomain: "apps.localhost",
    identityId: "/identity",
  });
  const others = (outputs: Record<string, unknown>) => ({ "organization/toolwharf/dev": outputs });

  test("deploys its folder alone, on the platform's outputs", async () => {
    for (const name of ["news", "weather"]) tool(name);
    deployed("weather", { tags: { "toolwharf-stack": "dev.weather", "toolwharf-tool": "tools/weather" } });
    const { mocked, outputs, failures } = await run({ stack: "dev.weather", platform: others({ platform: platform(), tools: { news: {} } }) });
    expect(failures).toEqual([]);
    expect(mocked.declared.map(({ type }) => type)).toEqual(["pulumi:pulumi:StackReference", "toolwharf:index:ToolServer", "docker:index/image:Image", "azure-native:app:ContainerApp"]);
    expect(mocked.find("azure-native:app:ContainerApp", "weather-app").inputs).toMatchObject({ environmentId: "/environment", resourceGroupName: "toolwharf-dev", tags: { "toolwharf-stack": "dev.weather" } });
    expect(Object.keys(outputs).sort()).toEqual(["tools", "weatherFqdn"]);
  });

  const mounting = { "toolwharf:volumes": JSON.stringify([{ storage: "data", mountPath: "/data" }]) };

  test("mounts the platform's storages under the names that Azure has for them", async () => {
    tool("weather");
    deployed("weather", { tags: { "toolwharf-stack": "dev.weather", "toolwharf-tool": "tools/weather" } });
    const storages = { data: "data-123abc", books: "books-456def" };
    const { mocked } = await run({ stack: "dev.weather", config: mounting, platform: others({ platform: { ...platform(), storages } }) });
    expect(mocked.find("azure-native:app:ContainerApp", "weather-app").inputs).toMatchObject({ template: { volumes: [{ name: "data", storageName: "data-123abc" }] } });
  });

  test.each([
    [{ storages: { books: "books-456def" } }, "books"],
    [{}, "none, the platform has no storages"],
  ])("that mounts what the platform has not is refused with what it has: %j", async (more, known) => {
    tool("weather");
    const { mocked, failures } = await run({ stack: "dev.weather", config: mounting, platform: others({ platform: { ...platform(), ...more } }) });
    expect(failures).toEqual([expect.objectContaining({ code: "STORAGE_UNKNOWN", message: expect.stringMatching(new RegExp(`data[^]*${known}`)) })]);
    expect(mocked.declared.map(({ type }) => type)).toEqual(["pulumi:pulumi:StackReference"]);
  });

  test("of a tool that the platform owns is refused, naming the platform", async () => {
    tool("weather");
    await expect(run({ stack: "dev.weather", platform: others({ platform: platform(), tools: { weather: {} } }) })).rejects.toMatchObject({
      code: "TOOL_TAKEN",
      message: expect.stringContaining("weather: the platform stack dev owns it"),
    });
  });

  test.each([[{}], [{ platform: { location: "westeurope" } }]])("on a stack without a whole platform (%j) is told how to make one", async (outputs) => {
    tool("weather");
    await expect(run({ stack: "dev.weather", platform: others(outputs) })).rejects.toMatchObject({ code: "PLATFORM_MISSING", message: expect.stringContaining("next: pulumi up --stack dev") });
  });
});

describe("TOOLWHARF_VERIFY", () => {
  test("off asks ARM and registry nothing but the password of a push", async () => {
    process.env.TOOLWHARF_VERIFY = "off";
    tool("weather");
    const { outputs, failures } = await run();
    expect(failures).toEqual([]);
    expect(azure.requests).toEqual(["POST /oauth2/exchange"]);
    expect(outputs.tools.weather.revision).toBe("weather--abc1234");
  });

  test("off, a failing tool leaves the outputs of the last run", async () => {
    process.env.TOOLWHARF_VERIFY = "off";
    tool("weather");
    write("tools/odd/notes.txt", "");
    const { outputs } = await run();
    expect(Object.keys(outputs)).toEqual(["platform"]);
  });

  test("with names judges these alone", async () => {
    process.env.TOOLWHARF_VERIFY = "news";
    for (const name of ["news", "weather"]) tool(name);
    deployed("news");
    deployed("weather", { revision: "weather--two", ready: "weather--one", runningState: "Failed" });
    const { outputs, failures } = await run();
    expect(failures).toEqual([]);
    expect(outputs.tools).toMatchObject({ news: { revision: "news--one" }, weather: { revision: "weather--one" } });
  });
});
