import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ScratchProject } from "../support/scratch-project.ts";

const APP = "azure-native:app:ContainerApp";
const ASKED = `
import { ContainerApp } from "@pulumi/azure-native/app/index.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/index.js";

const group = new ResourceGroup("group", { resourceGroupName: "rg-not-emulated" });
new ContainerApp("app", {
  resourceGroupName: group.name,
  environmentId: group.id,
  identity: { type: "SystemAssigned" },
  configuration: {
    dapr: { enabled: true, appId: "tool" },
    maxInactiveRevisions: 5,
    ingress: { targetPort: 8000, transport: "tcp", customDomains: [{ name: "tool.example" }] },
    registries: [{ server: "registry.example", username: "me", passwordSecretRef: "key" }],
    secrets: [{ name: "key", keyVaultUrl: "https://vault.example/secrets/key" }],
  },
  template: {
    containers: [{ name: "tool", image: "tool:1", probes: [{ type: "Liveness", httpGet: { port: 8000, host: "tool.example" } }] }],
    initContainers: [{ name: "init", image: "init:1" }],
    scale: { rules: [{ name: "queue", custom: { type: "cron", metadata: {} } }] },
    revisionSufix: "v1",
  },
});
`;
const NAMED = [
  "identity.type",
  "configuration.dapr",
  "configuration.registries[0].passwordSecretRef",
  "configuration.registries[0].username",
  "configuration.secrets[0].keyVaultUrl",
  "configuration.ingress.customDomains",
  "configuration.ingress.transport",
  "template.containers[0].probes[0].httpGet.host",
  "template.initContainers",
  "template.scale.rules[0].custom",
];

const project = new ScratchProject([]);
beforeAll(() => rmSync(join(project.folder, "index.ts")));
afterAll(() => project.dispose());

/** What a preview of this program says, on one line, and how it ended. */
async function preview(program: string): Promise<{ code: number | null; said: string }> {
  project.write("index.ts", program);
  const { code, output } = await project.run(["preview"]);
  return { code, said: output.replace(/\s+/g, " ") };
}

test("one preview names every property that the miniature has not, and no other", async () => {
  const { code, said } = await preview(ASKED);
  expect(code).not.toBe(0);
  expect(NAMED.filter((path) => !said.includes(`Azure in miniature does not emulate '${path}' of ${APP}.`))).toEqual([]);
  expect(said).toContain(`'template.revisionSufix' is no property that ${APP} takes. See local/README.md#not-emulated`);
  const named = new Set([...said.matchAll(/does not emulate '([^']+)'/g)].map(([, path]) => path));
  expect([...named].sort()).toEqual([...NAMED].sort());
});

test.each([
  ["resource type", `import { StorageAccount } from "@pulumi/azure-native/storage/index.js"; new StorageAccount("a", { resourceGroupName: "rg", kind: "StorageV2", sku: { name: "Standard_LRS" } });`, "azure-native:storage:StorageAccount"],
  ["function", `import { listStorageAccountKeysOutput } from "@pulumi/azure-native/storage/index.js"; export const keys = listStorageAccountKeysOutput({ accountName: "a", resourceGroupName: "rg" });`, "azure-native:storage:listStorageAccountKeys"],
])("a %s that it has not is named too", async (_what, program, token) => {
  const { code, said } = await preview(program);
  expect(code).not.toBe(0);
  expect(said).toMatch(new RegExp(`Azure in miniature has no \\S+( type)? '${token}'.*See local/README\\.md#not-emulated`));
});
