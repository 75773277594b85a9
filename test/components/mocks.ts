import * as pulumi from "@pulumi/pulumi";
import state from "@pulumi/pulumi/runtime/state.js";

export interface Declared {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

export interface Mocked {
  /** Every resource in the order of registration. */
  declared: Declared[];
  find: (type: string, name: string) => Declared;
  ofType: (type: string) => Declared[];
  /** Functions that were called. */
  called: Array<{ token: string; inputs: Record<string, unknown> }>;
}

type Call = (inputs: Record<string, unknown>) => Record<string, unknown>;

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001";

/** What Azure adds to each type's inputs. */
const OUTPUTS: Record<string, (inputs: Record<string, unknown>) => { id: string; state: Record<string, unknown> }> = {
  "random:index/randomString:RandomString": () => ({ id: "x1y2z3a4", state: { result: "x1y2z3a4" } }),
  "azure-native:resources:ResourceGroup": ({ resourceGroupName }) => ({ id: `${SUBSCRIPTION}/resourceGroups/${resourceGroupName}`, state: { name: resourceGroupName } }),
  "azure-native:containerregistry:Registry": ({ registryName }) => ({
    id: `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.ContainerRegistry/registries/${registryName}`,
    state: { name: registryName, loginServer: "made-abc123.azurecr.io" },
  }),
  "azure-native:managedidentity:UserAssignedIdentity": ({ resourceName }) => ({
    id: `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${resourceName}`,
    state: { name: resourceName, principalId: "principal-of-made" },
  }),
  "azure-native:authorization:RoleAssignment": ({ roleAssignmentName }) => ({ id: `assignment/${roleAssignmentName}`, state: {} }),
  "azure-native:operationalinsights:Workspace": ({ workspaceName }) => ({ id: `workspace/${workspaceName}`, state: { name: workspaceName, customerId: "customer" } }),
  "azure-native:app:ManagedEnvironment": ({ environmentName }) => ({
    id: `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.App/managedEnvironments/${environmentName}`,
    state: { name: environmentName, defaultDomain: "calmsea-01234567.westeurope.azurecontainerapps.io" },
  }),
  "azure-native:app:ManagedEnvironmentsStorage": ({ environmentName, storageName }) => ({
    id: `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.App/managedEnvironments/${environmentName}/storages/${storageName}`,
    state: { name: storageName },
  }),
  "docker:index/image:Image": ({ imageName }) => ({ id: String(imageName), state: { repoDigest: `${String(imageName).replace(/:[^:]*$/, "")}@sha256:${"d".repeat(64)}` } }),
  "azure-native:app:ContainerApp": ({ containerAppName, configuration }) => ({
    id: `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.App/containerApps/${containerAppName}`,
    state: {
      name: containerAppName,
      latestReadyRevisionName: `${containerAppName}--abc1234`,
      configuration: { ...(configuration as object), ingress: { ...(configuration as { ingress: object }).ingress, fqdn: `${containerAppName}.calmsea-01234567.westeurope.azurecontainerapps.io` } },
    },
  }),
  "azure-native:app:HttpRouteConfig": ({ httpRouteName, environmentName, properties }) => ({
    id: `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.App/managedEnvironments/${environmentName}/httpRouteConfigs/${httpRouteName}`,
    state: { name: httpRouteName, properties: { ...(properties as object), fqdn: `${httpRouteName}.calmsea-01234567.westeurope.azurecontainerapps.io` } },
  }),
};

/** Unknown in a preview: what only Azure can say, and every id. */
const unknownInPreview = (state: Record<string, unknown>, inputs: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(state).filter(([key]) => key in inputs && key !== "configuration" && key !== "properties"));

export interface MockOptions {
  stack?: string;
  preview?: boolean;
  /** Functions by token; any other fails the test. */
  calls?: Record<string, Call>;
  /** Of every registry that is made. */
  loginServer?: string;
  /** When every role assignment was made; absent: ARM does not say. */
  createdOn?: string;
  /** Outputs of other stacks, by full name. */
  outputsOfOthers?: Record<string, unknown>;
}

/**
 * Puts mocks in the engine's place: resources are recorded, functions answered by `calls` or refused by name.
 * Components are `toolwharf:index:*` and keep nothing.
 */
export async function mockEngine({ stack = "dev", preview = false, calls = {}, loginServer, createdOn, outputsOfOthers = {} }: MockOptions = {}): Promise<Mocked> {
  const mocked: Mocked = {
    declared: [],
    called: [],
    ofType: (type) => mocked.declared.filter((each) => each.type === type),
    find: (type, name) => {
      const found = mocked.declared.filter((each) => each.type === type && each.name === name);
      if (found.length !== 1) throw new Error(`${found.length} resources ${type} ${name}; there are: ${mocked.declared.map((each) => `${each.type} ${each.name}`).join(", ")}`);
      return found[0]!;
    },
  };
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        mocked.declared.push({ type, name, inputs });
        if (type.startsWith("toolwharf:index:")) return { id: "", state: inputs };
        if (type === "pulumi:pulumi:StackReference") return { id: name, state: { ...inputs, outputs: outputsOfOthers[name] ?? {}, secretOutputNames: [] } };
        const make = OUTPUTS[type];
        if (!make) throw new Error(`No mock for the resource type ${type}`);
        const { id, state } = make(inputs);
        if (loginServer !== undefined && "loginServer" in state) state.loginServer = loginServer;
        if (createdOn !== undefined && type.endsWith(":RoleAssignment")) state.createdOn = createdOn;
        return preview ? { id: undefined, state: { ...inputs, ...unknownInPreview(state, inputs) } } : { id, state: { ...inputs, ...state } };
      },
      call: ({ token, inputs }) => {
        const call = calls[token];
        if (!call) throw new Error(`No mock for the function ${token}`);
        mocked.called.push({ token, inputs });
        return call(inputs);
      },
    },
    "toolwharf",
    stack,
    preview,
    "organization",
  );
  // The SDK's mocks know no hooks, and its own server for them would listen on a port.
  const { getStore } = state as unknown as { getStore: () => { callbacks?: object } };
  const nothing = async () => undefined;
  getStore().callbacks = { registerErrorHook: nothing, awaitStackRegistrations: nothing, shutdown: nothing };
  return mocked;
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A property as it is declared: whether any part of it is secret (the engine marks the whole), and its plain value. */
export function plain(property: unknown): { secret: boolean; value: unknown } {
  const wrapped = property as Record<string, unknown>;
  const secret = wrapped?.[SIGNATURE] === "1b47061264138c4ac30d75fd1eb44270";
  return { secret, value: secret ? wrapped.value : property };
}

/** The value of an output; fails when it is unknown. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise: () => Promise<T> }).promise();
}

export async function isSecret(output: pulumi.Output<unknown>): Promise<boolean> {
  return pulumi.isSecret(output);
}

/** Waits for these, and for everything that was declared beside them to be registered. */
export async function registered(mocked: Mocked, ...resources: pulumi.Resource[]): Promise<void> {
  await Promise.all(resources.map((each) => valueOf(each.urn)));
  // Registrations are several turns of the event loop deep.
  for (let before = -1, calm = 0; calm < 50; calm++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (mocked.declared.length !== before) calm = 0;
    before = mocked.declared.length;
  }
}
