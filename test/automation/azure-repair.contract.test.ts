import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { repairOnAzure } from "../../automation/azure-repair.ts";
import { openProject, type Project } from "../../automation/project.ts";
import type { RepairReport } from "../../automation/repair.ts";

/** Stands for the Pulumi CLI: one state, which export gives and import takes. */
const ENGINE = `
const { appendFileSync, copyFileSync, existsSync, readFileSync } = require("node:fs");
const words = process.argv.slice(2);
appendFileSync("asked", words.slice(0, words[0] === "stack" ? 2 : 1).join(" ") + (words.includes("--config-file") ? " with settings" : "") + "\\n");
if (words[1] === "export") {
  if (!existsSync("state.json")) process.exit(255);
  process.stdout.write(readFileSync("state.json", "utf8"));
}
if (words[1] === "import") copyFileSync(words[words.indexOf("--file") + 1], "state.json");
if (words[0] === "preview") console.log(JSON.stringify({ steps: [] }));
`;
const GROUP = "urn:pulumi:dev::wharf::azure-native:resources:ResourceGroup::platform-group";
const STACK = { urn: "urn:pulumi:dev::wharf::pulumi:pulumi:Stack::wharf-dev", type: "pulumi:pulumi:Stack", custom: false };
const PROVIDER = { urn: "urn:pulumi:dev::wharf::pulumi:providers:azure-native::default_3_28_0", type: "pulumi:providers:azure-native", id: "p", custom: true };

let project: Project;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-azure-repair-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: wharf\n");
  writeFileSync(join(folder, "pulumi"), `#!${process.execPath}\n${ENGINE}`);
  chmodSync(join(folder, "pulumi"), 0o755);
  project = openProject(folder);
  env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
});
afterEach(() => rmSync(project.folder, { recursive: true, force: true }));

const state = (pending: object[]) => writeFileSync(join(project.folder, "state.json"), JSON.stringify({ version: 3, deployment: { resources: [STACK, PROVIDER], pending_operations: pending } }));
const creating = { type: "creating", resource: { urn: GROUP, type: "azure-native:resources:ResourceGroup", custom: true, provider: `${PROVIDER.urn}::p`, inputs: { resourceGroupName: "toolwharf-dev", location: "westeurope" } } };

async function repair(open?: Parameters<typeof repairOnAzure>[0]["open"]) {
  const told: Array<RepairReport | "repair"> = [];
  await repairOnAzure({ project, stack: "dev", env, onRepair: () => told.push("repair"), onRepaired: (report) => told.push(report), ...(open && { open }) });
  return { told, asked: readFileSync(join(project.folder, "asked"), "utf8").trim().split("\n") };
}
const never = async () => Promise.reject(new Error("ARM was asked"));

test("a stack with nothing in flight is only looked at, without a login", async () => {
  state([]);
  expect(await repair(never)).toEqual({ told: [], asked: ["stack export"] });
});

test("a stack that cannot be exported is left to the engine", async () => {
  expect(await repair(never)).toEqual({ told: [], asked: ["stack export"] });
});

test("without a login the engine goes on by itself", async () => {
  state([creating]);
  expect(await repair(async () => undefined)).toEqual({ told: [], asked: ["stack export"] });
});

test("what a dead run created in Azure is taken into the state, in the subscription of the login", async () => {
  state([creating]);
  const read: string[] = [];
  const { told, asked } = await repair(async () => ({
    subscriptionId: "mine",
    read: async (id) => {
      read.push(id);
      return { id, name: "toolwharf-dev", location: "westeurope", tags: { "toolwharf-stack": "dev" }, properties: { provisioningState: "Succeeded" } };
    },
  }));
  expect(read).toEqual(["/subscriptions/mine/resourceGroups/toolwharf-dev"]);
  expect(told).toEqual(["repair", { adopted: [GROUP], cleared: [`creating ${GROUP}`], foreign: [], complete: true }]);
  expect(asked).toEqual(["stack export", "stack export", "stack import", "preview"]);
  const { deployment } = JSON.parse(readFileSync(join(project.folder, "state.json"), "utf8")) as { deployment: { resources: Array<{ urn: string }>; pending_operations?: unknown[] } };
  expect(deployment.resources.map(({ urn }) => urn)).toContain(GROUP);
  expect(deployment.pending_operations ?? []).toEqual([]);
});
