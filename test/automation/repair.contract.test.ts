import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { engineFolder, miniatureEnvironment } from "../../automation/engine-environment.ts";
import { ensureStack, removeStack } from "../../automation/miniature-stack.ts";
import { openProject, type Project } from "../../automation/project.ts";
import { repairStack, type ReadArm } from "../../automation/repair.ts";
import { checkpointFile, hasPendingOperations, readDeployment, type PendingOperation, type ResourceState } from "../../automation/state-files.ts";
import type { Connection } from "../../local/connection.ts";

const CONNECTION = {
  armEndpoint: "https://localhost:8444",
  caFile: "/ca.pem",
  ingressPort: 8443,
  subscriptionId: "00000000-0000-0000-0000-000000000001",
  providers: {},
} as unknown as Connection;
const GROUP_ID = `/subscriptions/${CONNECTION.subscriptionId}/resourceGroups/wharf`;
const URN = "urn:pulumi:local::wharf::";
const PROVIDER: ResourceState = {
  urn: `${URN}pulumi:providers:azure-native::default_3_28_0`,
  type: "pulumi:providers:azure-native",
  custom: true,
  id: "7a3d3f4a-6f0d-4d0f-9d3a-111111111111",
  inputs: { version: "3.28.0" },
  outputs: { version: "3.28.0" },
};
const STACK: ResourceState = { urn: `${URN}pulumi:pulumi:Stack::wharf-local`, type: "pulumi:pulumi:Stack", custom: false };
const group: ResourceState = {
  urn: `${URN}azure-native:resources:ResourceGroup::group`,
  type: "azure-native:resources:ResourceGroup",
  custom: true,
  parent: STACK.urn,
  provider: `${PROVIDER.urn}::${PROVIDER.id}`,
  inputs: { resourceGroupName: "wharf", tags: { "toolwharf-stack": "local" } },
};

// The engine itself, on a file backend: skipped where the set-up has not put one.
const withEngine = engineFolder() ? describe : describe.skip;

withEngine("repairing a stack with the real engine", () => {
  let project: Project;
  let env: NodeJS.ProcessEnv;
  let settingsFile: string;

  beforeEach(async () => {
    const folder = mkdtempSync(join(tmpdir(), "toolwharf-repair-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: wharf\nruntime: nodejs\n");
    writeFileSync(join(folder, "Pulumi.local.yaml"), "config:\n  toolwharf:cpu: '0.25'\n");
    project = openProject(folder);
    env = miniatureEnvironment(project, CONNECTION);
    settingsFile = await ensureStack(project, "local", CONNECTION, env);
  });
  afterEach(() => rmSync(project.folder, { recursive: true, force: true }));

  function crash(resources: ResourceState[], pending_operations: PendingOperation[]): void {
    const file = checkpointFile(project, "local");
    const checkpoint = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: object } };
    Object.assign(checkpoint.checkpoint.latest, { resources, pending_operations });
    writeFileSync(file, JSON.stringify(checkpoint));
    expect(hasPendingOperations(project, "local")).toBe(true);
  }
  const repair = (read: ReadArm) => repairStack({ project, stack: "local", settingsFile, env, subscriptionId: CONNECTION.subscriptionId, read, settleMs: 2_000 });
  const urns = () => readDeployment(project, "local")?.resources?.map(({ urn }) => urn);

  test("the stack was made without a trace in the project's folder", () => {
    expect(readFileSync(join(project.folder, "Pulumi.local.yaml"), "utf8")).toBe("config:\n  toolwharf:cpu: '0.25'\n");
    expect(readdirSync(project.folder).sort()).toEqual([".toolwharf", "Pulumi.local.yaml", "Pulumi.yaml"]);
    expect(readFileSync(settingsFile, "utf8")).toMatch(/encryptionsalt: v1:/);
  });

  test("a create in flight that ARM had finished is adopted", async () => {
    crash([STACK, PROVIDER], [{ type: "creating", resource: group }]);
    const asked: string[] = [];
    const report = await repair(async (id) => {
      asked.push(id);
      return { id, name: "wharf", tags: { "toolwharf-stack": "local" }, properties: { provisioningState: "Succeeded" } };
    });
    expect(asked).toEqual([GROUP_ID]);
    expect(report).toEqual({ adopted: [group.urn], cleared: [`creating ${group.urn}`], foreign: [], complete: false });
    expect(hasPendingOperations(project, "local")).toBe(false);
    expect(readDeployment(project, "local")?.resources?.at(-1)).toMatchObject({ urn: group.urn, id: GROUP_ID, initErrors: [expect.stringContaining("adopted")] });
  });

  test("what ARM is still doing is waited for", async () => {
    crash([STACK, PROVIDER], [{ type: "creating", resource: group }]);
    const states = ["InProgress", "InProgress", "Succeeded"];
    await repair(async (id) => ({ id, tags: { "toolwharf-stack": "local" }, properties: { provisioningState: states.shift() } }));
    expect(states).toEqual([]);
  });

  test("a create in flight that ARM knows nothing of is dropped", async () => {
    crash([STACK, PROVIDER], [{ type: "creating", resource: group }]);
    expect(await repair(async () => undefined)).toEqual({ adopted: [], cleared: [`creating ${group.urn}`], foreign: [], complete: false });
    expect(urns()).toEqual([STACK.urn, PROVIDER.urn]);
    expect(hasPendingOperations(project, "local")).toBe(false);
  });

  test("somebody else's resource of the same name is named and left alone", async () => {
    crash([STACK, PROVIDER], [{ type: "creating", resource: group }]);
    const report = await repair(async (id) => ({ id, tags: { "toolwharf-stack": "dev" } }));
    expect(report).toMatchObject({ adopted: [], foreign: [GROUP_ID] });
    expect(urns()).toEqual([STACK.urn, PROVIDER.urn]);
  });

  test("an update in flight is dropped, and the resource stays", async () => {
    const known = { ...group, id: GROUP_ID, outputs: { name: "wharf" } };
    crash([STACK, PROVIDER, known], [{ type: "updating", resource: known }]);
    await repair(async () => undefined);
    expect(urns()).toEqual([STACK.urn, PROVIDER.urn, group.urn]);
  });

  test("no copy of the state is left lying about", async () => {
    crash([STACK, PROVIDER], [{ type: "creating", resource: group }]);
    await repair(async () => undefined);
    expect(readdirSync(project.cache).filter((name) => name.startsWith("repaired") || name.startsWith("new-stack"))).toEqual([]);
  });

  test("a removed stack takes its live settings along and leaves the committed ones", async () => {
    await removeStack(project, "local", env);
    expect([existsSync(settingsFile), existsSync(checkpointFile(project, "local")), existsSync(join(project.folder, "Pulumi.local.yaml"))]).toEqual([false, false, true]);
  });
});
