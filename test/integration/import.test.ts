import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { miniatureEnvironment } from "../../automation/engine-environment.ts";
import { openProject } from "../../automation/project.ts";
import { LOCATION } from "../support/platform-bodies.ts";
import { RunningMiniature } from "../support/running-miniature.ts";
import { CHECKOUT } from "../support/scratch-project.ts";

jest.setTimeout(120_000);

interface Deployed {
  urn: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** Resources that somebody made without Pulumi are taken into a stack by the real engine, in both of its ways. */
const miniature = new RunningMiniature();
const folder = realpathSync(mkdtempSync(join(tmpdir(), "toolwharf-import-")));
const REGISTRY = "azure-native:containerregistry:Registry";
const APP = "azure-native:app:ContainerApp";
let appId = "";
let registryId = "";
/** What the import says that a program has to say. */
let app: Record<string, unknown>;
let registry: Record<string, unknown>;

beforeAll(async () => {
  await miniature.start();
  appId = miniature.id("Microsoft.App/containerApps/taken");
  registryId = miniature.id("Microsoft.ContainerRegistry/registries/trial12345");
  const identity = miniature.id("Microsoft.ManagedIdentity/userAssignedIdentities/puller");
  await miniature.must("PUT", appId, {
    location: LOCATION,
    tags: { made: "by hand" },
    identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
    properties: {
      environmentId: miniature.id("Microsoft.App/managedEnvironments/env"),
      configuration: {
        ingress: { external: true, targetPort: 8000 },
        registries: [{ server: miniature.loginServer, identity }],
        identitySettings: [{ identity, lifecycle: "None" }],
        secrets: [{ name: "key", value: "hidden" }],
      },
      template: { containers: [{ name: "main", image: miniature.image, resources: { cpu: 0.25, memory: "0.5Gi" } }], scale: { minReplicas: 1, maxReplicas: 2 } },
    },
  });
  expect(await miniature.settled(appId)).toMatchObject({ properties: { provisioningState: "Succeeded" } });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: taken\nmain: index.ts\nruntime: { name: nodejs, options: { typescript: false } }\n");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "taken", type: "module" }));
  program([]);
  symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
  mkdirSync(openProject(folder).state, { recursive: true });
  for (const stack of ["command", "option", "other"]) await must("stack", "init", stack);
}, 120_000);
afterAll(async () => {
  await miniature.dispose();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** What the program declares: type, name, arguments, options. */
function program(resources: Array<[type: string, name: string, args: object, options?: object]>): void {
  const lines = resources.map((each) => {
    const [, module, kind] = each[0].split(":");
    return `new ${module}.${kind}(${each.slice(1).map((value) => JSON.stringify(value)).join(", ")});`;
  });
  writeFileSync(
    join(folder, "index.ts"),
    ['import * as app from "@pulumi/azure-native/app/index.js";', 'import * as containerregistry from "@pulumi/azure-native/containerregistry/index.js";', ...lines, ""].join("\n"),
  );
}

function pulumi(...args: string[]): Promise<{ code: number; output: string; stdout: string }> {
  return new Promise((resolve) => {
    execFile("pulumi", [...args, "--non-interactive"], { cwd: folder, env: miniatureEnvironment(openProject(folder), miniature.connection), maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, output: stdout + stderr, stdout }),
    );
  });
}

async function must(...args: string[]): Promise<string> {
  const { code, output, stdout } = await pulumi(...args);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
  return stdout;
}

async function deployed(stack: string, type: string): Promise<Deployed> {
  const state = JSON.parse(await must("stack", "export", "--stack", stack)) as { deployment: { resources: Deployed[] } };
  return state.deployment.resources.find(({ urn }) => urn.includes(`::${type}::`))!;
}
/** What a program has to say: the inputs without the engine's own entries. */
const argumentsOf = ({ inputs }: Deployed) => JSON.parse(JSON.stringify(inputs, (key, value: unknown) => (key === "__defaults" ? undefined : value))) as Record<string, unknown>;
/** The one thing that ARM does not tell. */
const withSecret = () => ({ ...app, configuration: { ...(app.configuration as object), secrets: [{ name: "key", value: "hidden" }] } });
const revisions = async () => (JSON.parse((await miniature.must("GET", `${appId}/revisions`)).body) as { value: unknown[] }).value.length;

describe("pulumi import --generate-code=false", () => {
  test("takes an app and a registry into the state, with the inputs that a program would have", async () => {
    await must("import", APP, "taken", appId, "--generate-code=false", "--yes", "--stack", "command", "--protect=false");
    await must("import", REGISTRY, "registry", registryId, "--generate-code=false", "--yes", "--stack", "command", "--protect=false");
    const taken = await deployed("command", APP);
    expect(taken).toMatchObject({
      id: appId,
      inputs: { containerAppName: "taken", resourceGroupName: "rg", location: LOCATION, tags: { made: "by hand" }, template: { scale: { maxReplicas: 2 }, containers: [{ image: miniature.image }] } },
      outputs: { provisioningState: "Succeeded", latestRevisionName: expect.stringMatching(/^taken--/) },
    });
    expect(JSON.stringify(taken)).not.toContain("hidden");
    expect(await deployed("command", REGISTRY)).toMatchObject({ id: registryId, inputs: { registryName: "trial12345", resourceGroupName: "rg", sku: { name: "Basic" } }, outputs: { loginServer: miniature.loginServer } });
    app = argumentsOf(taken);
    registry = argumentsOf(await deployed("command", REGISTRY));
  });

  test("and a program that says the same changes nothing, one that says more updates in place", async () => {
    const before = await revisions();
    program([[APP, "taken", withSecret()], [REGISTRY, "registry", registry]]);
    expect(await must("up", "--yes", "--skip-preview", "--stack", "command")).toMatch(/1 updated[\s\S]*unchanged|unchanged[\s\S]*1 updated/);
    expect(await must("refresh", "--yes", "--skip-preview", "--stack", "command")).not.toMatch(/updated|deleted/);
    await must("preview", "--expect-no-changes", "--stack", "command");
    expect(await revisions()).toBe(before);
  });

  test("what is not there is not taken", async () => {
    const { code, output } = await pulumi("import", APP, "none", appId.replace(/taken$/, "none"), "--generate-code=false", "--yes", "--stack", "command");
    expect(code).not.toBe(0);
    expect(output).toMatch(/resource '.*containerApps\/none' does not exist/);
  });
});

describe("the resource option import", () => {
  test("takes both over and touches neither", async () => {
    const before = await revisions();
    program([[APP, "taken", app, { import: appId }], [REGISTRY, "registry", registry, { import: registryId }]]);
    const up = await must("up", "--yes", "--skip-preview", "--stack", "option");
    expect(up).toMatch(/2 imported/);
    expect(up).not.toMatch(/updated|replaced/);
    expect(await revisions()).toBe(before);
    // The option may stay or go.
    await must("preview", "--expect-no-changes", "--stack", "option");
    program([[APP, "taken", app], [REGISTRY, "registry", registry]]);
    await must("preview", "--expect-no-changes", "--stack", "option");
  });

  test("of what is not there fails, and names it", async () => {
    program([[APP, "other", { ...app, containerAppName: "none" }, { import: appId.replace(/taken$/, "none") }]]);
    const { code, output } = await pulumi("preview", "--stack", "other");
    expect(code).not.toBe(0);
    expect(output).toMatch(/resource '.*containerApps\/none' does not exist/);
  });

  test("with other arguments takes over what is there, and then changes it in place", async () => {
    program([[APP, "taken", { ...withSecret(), tags: { made: "otherwise" } }, { import: appId }]]);
    expect(await must("preview", "--stack", "other")).toMatch(/taken import[\s\S]*taken update \[diff: ~configuration,tags\]/);
    expect(JSON.parse((await miniature.must("GET", appId)).body)).toMatchObject({ tags: { made: "by hand" } });
    const before = await revisions();
    await must("up", "--yes", "--skip-preview", "--stack", "other");
    expect(JSON.parse((await miniature.must("GET", appId)).body)).toMatchObject({ tags: { made: "otherwise" } });
    expect(await revisions()).toBe(before);
  });
});
