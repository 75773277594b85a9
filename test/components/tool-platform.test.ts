import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { ToolPlatform } from "../../components/tool-platform.ts";
import type { ToolPlatformArgs } from "../../components/tool-platform.ts";
import { azureName } from "../../components/tool-storages.ts";
import { isSecret, mockEngine, plain, registered, valueOf } from "./mocks.ts";

const SHARED_KEYS = { "azure-native:operationalinsights:getSharedKeys": () => ({ primarySharedKey: "key-one", secondarySharedKey: "key-two" }) };
const WORKSPACE = "toolwharf-dev-logs-16fa";
const TAGS = { "toolwharf-stack": "dev" };
const IDS = {
  registryId: "/subscriptions/s/resourceGroups/theirs/providers/Microsoft.ContainerRegistry/registries/reg",
  environmentId: "/subscriptions/s/resourceGroups/theirs/providers/Microsoft.App/managedEnvironments/env",
  identityId: "/subscriptions/s/resourceGroups/theirs/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller",
};
const GETTERS = {
  "azure-native:containerregistry:getRegistry": () => ({ loginServer: "reg.azurecr.io" }),
  "azure-native:app:getManagedEnvironment": () => ({ defaultDomain: "theirs.westeurope.azurecontainerapps.io", location: "North Europe" }),
  "azure-native:managedidentity:getUserAssignedIdentity": () => ({ principalId: "their-principal" }),
};

async function declare(args: Partial<ToolPlatformArgs> = {}, options: Parameters<typeof mockEngine>[0] = { calls: SHARED_KEYS }) {
  const mocked = await mockEngine(options);
  const made = new ToolPlatform("platform", { location: "westeurope", resourceGroupName: "toolwharf-dev", ...args });
  await registered(mocked, made, ...made.readiness);
  return { mocked, made };
}

describe("a platform that is made", () => {
  test("is these resources and no others, in an order that names nothing twice", async () => {
    const { mocked } = await declare();
    expect(mocked.declared.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "azure-native:app:ManagedEnvironment platform-environment",
      "azure-native:authorization:RoleAssignment platform-pull",
      "azure-native:containerregistry:Registry platform-registry",
      "azure-native:managedidentity:UserAssignedIdentity platform-identity",
      "azure-native:operationalinsights:Workspace platform-logs",
      "azure-native:resources:ResourceGroup platform-group",
      "random:index/randomString:RandomString platform-suffix",
      "toolwharf:index:PullIdentity platform",
      "toolwharf:index:ToolEnvironment platform",
      "toolwharf:index:ToolPlatform platform",
      "toolwharf:index:ToolRegistry platform",
    ]);
  });

  test("has a registry without an admin user, with a name that is unique in the world", async () => {
    const { mocked } = await declare({ registrySku: "Premium" });
    expect(mocked.find("random:index/randomString:RandomString", "platform-suffix").inputs).toEqual({ length: 8, special: false, upper: false });
    expect(mocked.find("azure-native:containerregistry:Registry", "platform-registry").inputs).toEqual({
      registryName: "toolwharfdevx1y2z3a4",
      resourceGroupName: "toolwharf-dev",
      location: "westeurope",
      sku: { name: "Premium" },
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      networkRuleBypassOptions: "AzureServices",
      publicNetworkAccess: "Enabled",
      zoneRedundancy: "Disabled",
      tags: TAGS,
    });
  });

  test("has an environment with the Consumption profile, whose logs go to a workspace with a secret key", async () => {
    const { mocked } = await declare({ logRetentionDays: 60 });
    expect(mocked.find("azure-native:operationalinsights:Workspace", "platform-logs").inputs).toEqual({
      workspaceName: WORKSPACE,
      resourceGroupName: "toolwharf-dev",
      location: "westeurope",
      sku: { name: "PerGB2018" },
      retentionInDays: 60,
      tags: TAGS,
    });
    expect(mocked.called).toEqual([{ token: "azure-native:operationalinsights:getSharedKeys", inputs: { resourceGroupName: "toolwharf-dev", workspaceName: WORKSPACE } }]);
    const { inputs } = mocked.find("azure-native:app:ManagedEnvironment", "platform-environment");
    const { appLogsConfiguration, ...rest } = inputs;
    expect(rest).toEqual({
      environmentName: "toolwharf-dev",
      resourceGroupName: "toolwharf-dev",
      location: "westeurope",
      workloadProfiles: [{ name: "Consumption", workloadProfileType: "Consumption" }],
      tags: TAGS,
    });
    expect(plain(appLogsConfiguration)).toEqual({
      secret: true,
      value: { destination: "log-analytics", logAnalyticsConfiguration: { customerId: "customer", sharedKey: "key-one" } },
    });
  });

  test("has an identity that may pull, assigned as what it is", async () => {
    const { mocked, made } = await declare();
    expect(mocked.find("azure-native:authorization:RoleAssignment", "platform-pull").inputs).toEqual({
      roleAssignmentName: expect.stringMatching(/^[0-9a-f-]{36}$/),
      scope: await valueOf(made.platform.registryId),
      principalId: "principal-of-made",
      principalType: "ServicePrincipal",
      roleDefinitionId: "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d",
    });
    expect(made.readiness).toHaveLength(1);
  });

  test("tells tool stacks what they need, without a secret", async () => {
    const { made } = await declare();
    const told = await valueOf(pulumi.output(made.platform) as pulumi.Output<unknown>);
    expect(told).toEqual({
      location: "westeurope",
      resourceGroupName: "toolwharf-dev",
      registryId: expect.stringContaining("/registries/toolwharfdevx1y2z3a4"),
      loginServer: "made-abc123.azurecr.io",
      registryPermissions: "legacy",
      environmentId: expect.stringContaining("/managedEnvironments/toolwharf-dev"),
      defaultDomain: "calmsea-01234567.westeurope.azurecontainerapps.io",
      identityId: expect.stringContaining("/userAssignedIdentities/toolwharf-dev-pull"),
      storages: {},
    });
    for (const output of Object.values(made.platform)) expect(await isSecret(output)).toBe(false);
  });
});

describe("shares that tools may mount", () => {
  const data = { accountName: "wharfdata", shareName: "notes", accessMode: "ReadWrite" as const, accountKey: pulumi.secret("s3cret") };
  const ofType = "azure-native:app:ManagedEnvironmentsStorage";

  test("are storages of the environment, with a secret key, and tools know their names", async () => {
    const { mocked, made } = await declare({ storages: { data } });
    const [storage] = mocked.ofType(ofType);
    const { properties, ...rest } = storage!.inputs;
    const names = (await valueOf(made.platform.storages)) as Record<string, string>;
    expect(names).toEqual({ data: expect.stringMatching(/^data-[0-9a-f]{6}$/) });
    expect(rest).toEqual({ storageName: names["data"], environmentName: "toolwharf-dev", resourceGroupName: "group" });
    expect(plain(properties)).toEqual({ secret: true, value: { azureFile: { accountName: "wharfdata", shareName: "notes", accessMode: "ReadWrite", accountKey: "s3cret" } } });
    expect(await isSecret(made.platform.storages)).toBe(false);
  });

  test("of an environment that is there already are made in it", async () => {
    const { mocked } = await declare({ existing: IDS, storages: { data } }, { calls: GETTERS });
    expect(mocked.ofType(ofType).map(({ inputs }) => inputs)).toMatchObject([{ environmentName: "env", resourceGroupName: "theirs" }]);
  });

  test("are other storages when they are other shares, and the same with another key", () => {
    const name = azureName("data", data);
    expect(azureName("data", { ...data, accountKey: pulumi.secret("other") } as typeof data)).toBe(name);
    const others = [azureName("data", { ...data, accountName: "other" }), azureName("data", { ...data, shareName: "other" }), azureName("data", { ...data, accessMode: "ReadOnly" })];
    expect(new Set([name, ...others]).size).toBe(4);
    expect(azureName("a".repeat(25), data)).toHaveLength(32);
  });
});

describe("apps are given the identity that pulls", () => {
  const ROLE_OF_NOW = { calls: SHARED_KEYS, createdOn: new Date().toISOString() };
  let waited: ReturnType<typeof jest.spyOn>;
  beforeEach(() => {
    waited = jest.spyOn(console, "log").mockImplementation(() => undefined);
  });
  const answer = async (made: ToolPlatform) => Promise.race([valueOf(pulumi.output(made.platformForApps.identityId)), new Promise((resolve) => setTimeout(resolve, 50, "later"))]);

  test("once its role is old enough to be known everywhere, which is said; the outputs do not wait", async () => {
    const { made } = await declare({ rolePropagationSeconds: 2 }, { ...ROLE_OF_NOW, createdOn: new Date().toISOString() });
    expect(await answer(made)).toBe("later");
    expect(waited).toHaveBeenCalledWith(expect.stringMatching(/waiting [12] s until the role that pulls images is known everywhere/));
    const known = await valueOf(made.platform.identityId);
    expect(await valueOf(pulumi.output(made.platformForApps.identityId))).toBe(known);
  });

  test.each([
    ["an old role", { createdOn: "2020-01-01T00:00:00Z" }, {}],
    ["a role without a time", {}, {}],
    ["no wait wanted", ROLE_OF_NOW, { rolePropagationSeconds: 0 }],
    ["a role that is not given here", { createdOn: ROLE_OF_NOW.createdOn, calls: GETTERS }, { existing: IDS }],
  ])("at once with %s", async (_name, options, args) => {
    const { made } = await declare(args, { calls: SHARED_KEYS, ...options });
    expect(await answer(made)).toBe(await valueOf(made.platform.identityId));
    expect(waited).not.toHaveBeenCalled();
  });

  test("never waiting in a preview", async () => {
    const { made } = await declare({}, { ...ROLE_OF_NOW, preview: true });
    expect(made.platformForApps.identityId).toBe(made.platform.identityId);
  });
});

describe("what is there already", () => {
  test("is read and never declared; with registry and identity given, no role is assigned", async () => {
    const { mocked, made } = await declare({ existing: IDS }, { calls: GETTERS });
    expect(mocked.declared.filter(({ type }) => !type.startsWith("toolwharf:")).map(({ name }) => name)).toEqual(["platform-group"]);
    expect(mocked.called).toEqual([
      { token: "azure-native:containerregistry:getRegistry", inputs: { registryName: "reg", resourceGroupName: "theirs" } },
      { token: "azure-native:app:getManagedEnvironment", inputs: { environmentName: "env", resourceGroupName: "theirs" } },
    ]);
    expect(made.readiness).toEqual([]);
    expect(await valueOf(made.platform.location)).toBe("North Europe");
    expect(await valueOf(made.platform.loginServer)).toBe("reg.azurecr.io");
    expect(await valueOf(made.platform.identityId)).toBe(IDS.identityId);
  });

  test("an existing identity gets its role on a registry that is made here", async () => {
    const { mocked } = await declare({ existing: { identityId: IDS.identityId } }, { calls: { ...GETTERS, ...SHARED_KEYS } });
    expect(mocked.ofType("azure-native:managedidentity:UserAssignedIdentity")).toEqual([]);
    expect(mocked.find("azure-native:authorization:RoleAssignment", "platform-pull").inputs).toMatchObject({ principalId: "their-principal" });
  });

  test("a registry with ABAC takes the role that it honours", async () => {
    const { mocked } = await declare({ existing: { registryId: IDS.registryId }, registryPermissions: "abac" }, { calls: { ...GETTERS, ...SHARED_KEYS } });
    expect(mocked.find("azure-native:authorization:RoleAssignment", "platform-pull").inputs).toMatchObject({
      scope: IDS.registryId,
      roleDefinitionId: "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/b93aa761-3e63-49ed-ac28-beffa264f7ac",
    });
  });
});

test("a preview knows names and asks for no key of a workspace that is not there", async () => {
  const { mocked } = await declare({}, { preview: true });
  expect(mocked.called).toEqual([]);
  expect(mocked.find("azure-native:app:ManagedEnvironment", "platform-environment").inputs).toMatchObject({ environmentName: "toolwharf-dev" });
});
