import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { readSettings } from "../../components/settings.ts";
import { SettingsError } from "../../components/settings-problems.ts";
import { encryptedSettings } from "../../components/encrypted-settings.ts";
import { TOOL_DEFAULTS } from "../../components/tool-settings.ts";
import { isSecret, mockEngine, valueOf } from "./mocks.ts";

const STORAGE = { accountName: "wharfdata", shareName: "notes" };

const root = mkdtempSync(join(tmpdir(), "toolwharf-settings-"));
const tools = join(root, "tools");
const folder = (...parts: string[]) => mkdirSync(join(root, ...parts), { recursive: true });

beforeAll(async () => {
  await mockEngine();
  for (const name of ["weather", "news", ".hidden", "__pycache__"]) folder("tools", name);
  writeFileSync(join(tools, "README.md"), "");
});
afterAll(() => rmSync(root, { recursive: true }));

const config = (own: Record<string, unknown> = {}) => ({
  "azure-native:location": "westeurope",
  "toolwharf:toolsFolder": tools,
  ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`toolwharf:${key}`, typeof value === "string" ? value : JSON.stringify(value)])),
});
const read = (own: Record<string, unknown> = {}, stack = "dev") => readSettings(stack, config(own), ["toolwharf:storageKeys"]);
const problemsOf = (own: Record<string, unknown>, stack = "dev"): Array<{ propertyPath: string; reason: string }> => {
  try {
    read(own, stack);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).errors;
  }
  throw new Error("the settings were taken");
};

test("no message has a secret, not even of what is no JSON", () => {
  const problems = problemsOf({ toolSecrets: '{"weather": {"API_KEY": "p4ssw0rd"' });
  expect(problems).toEqual([{ propertyPath: "toolwharf:toolSecrets", reason: expect.stringContaining("is not an object") }]);
  expect(JSON.stringify(problems)).not.toContain("p4ssw0rd");
});

describe("without any setting but the region", () => {
  test("everything has its default, and every folder is a tool", () => {
    expect(read()).toEqual({
      stack: "dev",
      platform: "dev",
      location: "westeurope",
      resourceGroupName: "toolwharf-dev",
      registrySku: "Basic",
      registryPermissions: "legacy",
      existing: {},
      tools: [
        { name: "news", folder: join(tools, "news"), settings: TOOL_DEFAULTS, own: {}, secrets: {} },
        { name: "weather", folder: join(tools, "weather"), settings: TOOL_DEFAULTS, own: {}, secrets: {} },
      ],
      routes: "",
      storages: {},
      baseImages: {},
      refs: {},
      logRetentionDays: 30,
      readyTimeoutSeconds: 300,
      lostSeconds: 30,
      rolePropagationSeconds: 120,
      armEndpoint: "https://management.azure.com",
      ingressPort: 443,
    });
  });

  test("the defaults that Pulumi.yaml declares are the program's own", () => {
    const { config: declared } = parse(readFileSync(new URL("../../Pulumi.yaml", import.meta.url), "utf8")) as { config: Record<string, { default: unknown; description?: string }> };
    const defaults = Object.fromEntries(Object.entries(declared).map(([key, { default: value }]) => [key, value]));
    expect(read({ ...defaults, toolsFolder: tools })).toEqual(read());
    for (const { description } of Object.values(declared)) expect(description).toBeTruthy();
  });
});

describe("a tool's settings", () => {
  test("are those of all tools, unless it has its own", () => {
    const { tools: found } = read({ cpu: "0.5", memory: "1Gi", startupSeconds: "60", toolSettings: { weather: { cpu: 1, memory: "2Gi", access: "internal" } } });
    expect(found.map(({ settings }) => settings)).toEqual([
      { ...TOOL_DEFAULTS, cpu: 0.5, memory: "1Gi", startupSeconds: 60 },
      { ...TOOL_DEFAULTS, cpu: 1, memory: "2Gi", startupSeconds: 60, access: "internal" },
    ]);
  });
});

describe("the name of the path routes", () => {
  const RULE = "3 to 63 lower-case letters and digits, starting with a letter (Azure allows no hyphens there)";
  test.each(["to", "my-tools", "1tools", "Tools", "t".repeat(64), "{}"])("is not %j", (routes) => {
    expect(problemsOf({ routes })).toEqual([{ propertyPath: "toolwharf:routes", reason: expect.stringContaining(`; allowed: ${RULE}`) }]);
  });

  test("is 3 to 63 characters long", () => {
    for (const routes of ["tls", "t".repeat(63)]) expect(read({ routes }).routes).toBe(routes);
  });

  test("is not that of a tool, whose address it would take; nobody's in a tool stack", () => {
    expect(problemsOf({ routes: "weather", cpu: "x" }).map(({ propertyPath }) => propertyPath)).toEqual(["toolwharf:cpu", "toolwharf:routes"]);
    expect(read({ routes: "weather" }, "dev.weather").routes).toBe("weather");
  });
});

describe("a tool stack", () => {
  test("is one tool on the platform that its name begins with", () => {
    expect(read({}, "dev.weather")).toMatchObject({ platform: "dev", tool: "weather", tools: [{ name: "weather" }] });
  });

  test("may use another platform, and needs no region", () => {
    expect(readSettings("x.weather", { "toolwharf:toolsFolder": tools, "toolwharf:platform": "prod" })).toMatchObject({ platform: "prod", tool: "weather" });
  });

  test("ignores which tools the platform deploys, and what is set for others", () => {
    expect(read({ tools: ["news"], toolSettings: { gone: { cpu: 1, memory: "2Gi" } } }, "dev.weather").tools.map(({ name }) => name)).toEqual(["weather"]);
  });

  test("of a folder that is not there is refused with the folders that are", () => {
    expect(problemsOf({}, "dev.sports")).toEqual([{ propertyPath: "toolwharf:tools", reason: expect.stringContaining("news, weather") }]);
  });
});

describe("which folders are tools", () => {
  test.each([[["weather"], ["weather"]], [["*"], ["news", "weather"]], [[], []]])("tools %j are %j", (chosen, expected) => {
    expect(read({ tools: chosen }).tools.map(({ name }) => name)).toEqual(expected);
  });

  test("missing and empty folders are refused, unless no tool is wanted", () => {
    folder("empty");
    expect(problemsOf({ toolsFolder: join(root, "none") })).toEqual([{ propertyPath: "toolwharf:toolsFolder", reason: expect.stringContaining("which is not there") }]);
    expect(problemsOf({ toolsFolder: join(root, "empty") })).toEqual([{ propertyPath: "toolwharf:toolsFolder", reason: expect.stringContaining("which is empty") }]);
    expect(read({ toolsFolder: join(root, "none"), tools: [] }).tools).toEqual([]);
  });

  test("names that cannot be, links, unknown and doubled names are refused", () => {
    folder("odd", "Bad_Name");
    symlinkSync(tools, join(root, "odd", "link"));
    expect(problemsOf({ toolsFolder: join(root, "odd") }).map(({ reason }) => reason)).toEqual([
      expect.stringContaining('a symbolic link "link"'),
      expect.stringMatching(/"Bad_Name", which is no name for a tool; allowed: 2 to 32 lower-case/),
    ]);
    expect(problemsOf({ tools: ["weather", "sports", "weather"] }).map(({ reason }) => reason)).toEqual([
      'names "weather" more than once',
      expect.stringMatching(/^is "sports"; allowed: folders in .*: news, weather$/),
    ]);
  });
});

describe("storages", () => {
  const set = { storages: { data: STORAGE }, storageKeys: { data: "s3cret" } };

  test("have a secret key, are written to unless they say otherwise, and are mounted by tools", async () => {
    const { storages, tools: found } = read({ ...set, toolSettings: { weather: { volumes: [{ storage: "data", mountPath: "/data" }] } } });
    expect(storages["data"]).toMatchObject({ ...STORAGE, accessMode: "ReadWrite" });
    expect(await isSecret(storages["data"]!.accountKey)).toBe(true);
    expect(await valueOf(storages["data"]!.accountKey)).toBe("s3cret");
    expect(found.map(({ settings }) => settings.volumes)).toEqual([[], [{ storage: "data", mountPath: "/data" }]]);
  });

  test("in a tool stack are the platform's business: its own are not looked at, and any name may be mounted", () => {
    expect(read({ storages: { Data: 1 }, volumes: [{ storage: "any", mountPath: "/data" }] }, "dev.weather")).toMatchObject({ storages: {}, tools: [{ settings: { volumes: [{ storage: "any" }] } }] });
  });

  test("refuse keys that are not encrypted in the settings file, and say how they are", () => {
    expect(() => readSettings("dev", config(set), ["toolwharf:other"])).toThrow(/toolwharf:storageKeys can be read by everybody.*pulumi config set --secret --path toolwharf:storageKeys\.<name> <key>/);
    expect(encryptedSettings({ PULUMI_CONFIG_SECRET_KEYS: '["toolwharf:storageKeys"]' })).toEqual(["toolwharf:storageKeys"]);
    expect(encryptedSettings({})).toEqual([]);
  });

  test.each([[{ ...set, storageKeys: { data: "s3cret", more: "s3cret" } }], [{ ...set, storageKeys: ["s3cret"] }], [{ ...set, storageKeys: "s3cret" }], [{ ...set, storageKeys: "{s3cret" }], [{ ...set, storageKeys: { data: { s3cret: 1 } } }]])("never tell a key in a message: %j", (own) => {
    expect(JSON.stringify(problemsOf(own))).not.toContain("s3cret");
  });
});

describe("a value that cannot be used is refused with what is allowed", () => {
  test.each([
    ["registrySku", "Gold", "toolwharf:registrySku", "Basic, Standard, Premium"],
    ["registryPermissions", "rbac", "toolwharf:registryPermissions", "legacy, abac"],
    ["registryPermissions", "abac", "toolwharf:registryPermissions", "existing.registryId"],
    ["cpu", "0.3", "toolwharf:cpu", "0.25/0.5Gi, 0.5/1Gi"],
    ["memory", "4Gi", "toolwharf:memory", "0.25/0.5Gi, 0.5/1Gi"],
    ["minReplicas", "-1", "toolwharf:minReplicas", "0 to 1000"],
    ["minReplicas", "11", "toolwharf:minReplicas", "at most maxReplicas, which is 10"],
    ["maxReplicas", "0", "toolwharf:maxReplicas", "1 to 1000"],
    ["concurrentRequests", "many", "toolwharf:concurrentRequests", "1 to 1000000"],
    ["targetPort", "70000", "toolwharf:targetPort", "1 to 65535"],
    ["targetPort", "0", "toolwharf:targetPort", "1 to 65535"],
    ["targetPort", "80.5", "toolwharf:targetPort", "1 to 65535"],
    ["healthPath", "health", "toolwharf:healthPath", "starting with /"],
    ["healthPath", "/a b", "toolwharf:healthPath", "starting with /"],
    ["startupSeconds", "9", "toolwharf:startupSeconds", "10 to 2400"],
    ["startupSeconds", "2401", "toolwharf:startupSeconds", "10 to 2400"],
    ["access", "entra", "toolwharf:access", "public, internal, ip-list"],
    ["access", "ip-list", "toolwharf:allowedIps", "at least one"],
    ["allowedIps", ["10.0.0.0/33"], "toolwharf:allowedIps", "IPv4"],
    ["allowedIps", ["example.org"], "toolwharf:allowedIps", "IPv4"],
    ["allowedIps", ["::1"], "toolwharf:allowedIps", "IPv4"],
    ["logRetentionDays", "7", "toolwharf:logRetentionDays", "30 to 730"],
    ["readyTimeoutSeconds", "5", "toolwharf:readyTimeoutSeconds", "10 to 3600"],
    ["lostSeconds", "301", "toolwharf:lostSeconds", "0 to 300"],
    ["rolePropagationSeconds", "901", "toolwharf:rolePropagationSeconds", "0 to 900"],
    ["ingressPort", "65536", "toolwharf:ingressPort", "1 to 65535"],
    ["armEndpoint", "http://localhost", "toolwharf:armEndpoint", "https://management.azure.com"],
    ["trustedCaFile", "/nowhere/ca.pem", "toolwharf:trustedCaFile", "a PEM file"],
    ["resourceGroupName", "ends.", "toolwharf:resourceGroupName", "1 to 90"],
    ["baseImages", { "python:3": "a b" }, "toolwharf:baseImages.python:3", "the name of an image"],
    ["existing", { registryId: "/subscriptions/x" }, "toolwharf:existing.registryId", "Microsoft.ContainerRegistry/registries/<name>"],
    ["existing", { registryid: "x" }, "toolwharf:existing.registryid", "known: registryId, environmentId, identityId"],
    ["toolSettings", { weather: { cpus: 1 } }, "toolwharf:toolSettings.weather.cpus", "known: cpu"],
    ["toolSettings", { weather: { targetPort: 0 } }, "toolwharf:toolSettings.weather.targetPort", "1 to 65535"],
    ["toolSettings", { weather: 3 }, "toolwharf:toolSettings.weather", "an object"],
    ["toolSettings", { sports: {} }, "toolwharf:toolSettings.sports", "news, weather"],
    ["toolSettings", "{not json", "toolwharf:toolSettings", "JSON"],
    ["storages", ["data"], "toolwharf:storages", "an object: name of the storage"],
    ["storages", { Data: STORAGE }, "toolwharf:storages.Data", "2 to 25 lower-case"],
    ["storages", { ["d".repeat(26)]: STORAGE }, `toolwharf:storages.${"d".repeat(26)}`, "2 to 25 lower-case"],
    ["storages", { data: "notes" }, "toolwharf:storages.data", "accountName, shareName"],
    ["storages", { data: { ...STORAGE, accountName: "wharf-data" } }, "toolwharf:storages.data.accountName", "3 to 24 lower-case"],
    ["storages", { data: { ...STORAGE, shareName: "Notes" } }, "toolwharf:storages.data.shareName", "3 to 63 lower-case"],
    ["storages", { data: { accountName: "wharfdata" } }, "toolwharf:storages.data.shareName", "is not set"],
    ["storages", { data: { ...STORAGE, accessMode: "Write" } }, "toolwharf:storages.data.accessMode", "ReadWrite, ReadOnly"],
    ["storages", { data: { ...STORAGE, server: "x" } }, "toolwharf:storages.data.server", "known: accountName, shareName, accessMode"],
    ["storages", { data: STORAGE }, "toolwharf:storageKeys.data", "--secret --path 'toolwharf:storageKeys.data' --stack dev"],
    ["storageKeys", { data: "a2V5" }, "toolwharf:storageKeys.data", "is for a storage that is not there; storages: none"],
    ["volumes", { storage: "data", mountPath: "/data" }, "toolwharf:volumes", "a list of {storage, mountPath}"],
    ["volumes", [{ storage: "data", mountPath: "/data", subPath: "x" }], "toolwharf:volumes", "a list of {storage, mountPath}"],
    ["volumes", [{ storage: "data", mountPath: "/data" }], "toolwharf:volumes[0].storage", "none is set"],
    ["toolSettings", { weather: { volumes: [{ storage: "data", mountPath: "data" }] } }, "toolwharf:toolSettings.weather.volumes[0].mountPath", "an absolute path"],
    ["toolSettings", { weather: { volumes: [{ storage: "data", mountPath: "/" }] } }, "toolwharf:toolSettings.weather.volumes[0].mountPath", "an absolute path"],
    ["toolSettings", { weather: { volumes: [{ storage: "data", mountPath: "/a/../b" }] } }, "toolwharf:toolSettings.weather.volumes[0].mountPath", "an absolute path"],
    ["toolSettings", { weather: { volumes: [{ storage: "a", mountPath: "/a" }, { storage: "b", mountPath: "/a" }] } }, "toolwharf:toolSettings.weather.volumes[1].mountPath", "no other volume"],
    ["cpuu", "1", "toolwharf:cpuu", "is not a setting"],
  ])("%s %j: %s", (key, value, propertyPath, allowed) => {
    expect(problemsOf({ [key]: value })).toContainEqual({ propertyPath, reason: expect.stringContaining(allowed) });
  });

  test("and so is a missing region", () => {
    expect(() => readSettings("dev", { "toolwharf:toolsFolder": tools })).toThrow(/azure-native:location is not set/);
  });

  test("all problems come at once, as text without a stack", () => {
    let error: Error | undefined;
    try {
      read({ registrySku: "Gold", cpu: "0.3", memory: "4Gi", targetPort: "70000" });
    } catch (caught) {
      error = caught as Error;
    }
    expect(error!.message.split("\n")).toEqual([
      "SETTINGS_INVALID: 3 settings cannot be used; nothing was created",
      expect.stringMatching(/^ {2}- toolwharf:registrySku is "Gold"; allowed: Basic, Standard, Premium$/),
      expect.stringMatching(/^ {2}- toolwharf:cpu is "0\.3\/4Gi"; allowed: these pairs/),
      expect.stringMatching(/^ {2}- toolwharf:targetPort is "70000"; allowed: whole numbers from 1 to 65535$/),
      expect.stringMatching(/^ {2}next: pulumi config set <key> <value> --stack dev/),
    ]);
    expect(error!.stack).toBe("");
  });
});

test("numbers are taken as numbers and as text, ids of any case", () => {
  const registryId = "/subscriptions/s/resourceGroups/g/providers/microsoft.containerregistry/registries/r";
  expect(read({ targetPort: 9000, existing: { registryId }, registryPermissions: "abac", access: "ip-list", allowedIps: ["203.0.113.7", "198.51.100.0/24"] })).toMatchObject({
    existing: { registryId },
    registryPermissions: "abac",
    tools: [{ settings: { targetPort: 9000, access: "ip-list", allowedIps: ["203.0.113.7", "198.51.100.0/24"] } }, {}],
  });
});
