import { InitFailedError } from "../grpc/errors.ts";
import { reveal } from "../grpc/property-values.ts";
import { keepSecrets } from "../grpc/secrets.ts";
import { armClient } from "./arm-client.ts";
import { ArmFailure } from "./arm-errors.ts";
import { AZURE_CLI_CLIENT_ID } from "./caller.ts";
import { withDefaults } from "./defaults.ts";
import { diffInputs } from "./diff.ts";
import { invoke } from "./functions.ts";
import { notEmulated } from "./not-emulated.ts";
import { previewOutputs } from "./preview.ts";
import { importedInputs, refreshedInputs } from "./refresh.ts";
import { parseResourceId, resourceId } from "./resource-id.ts";
import { resourceType } from "./resource-types/index.ts";
import { validate } from "./validate.ts";
import { requestBody, responseOutputs } from "./wire-format.ts";
import type { Provider, RequestContext, ResourceContext } from "../grpc/provider.ts";
import type { PropertyMap } from "../grpc/property-values.ts";
import type { ArmClient, ArmGateway } from "./arm-client.ts";
import type { Caller } from "./caller.ts";
import type { ResourceType } from "./schema.ts";

/** The version of `@pulumi/azure-native` whose behaviour is copied; older than the SDK's, the engine would warn. */
const VERSION = "3.28.0";
const RESOURCE_MANAGER_AUDIENCE = "https://management.azure.com/";
/** Never change in an update, so a preview hands them on to dependents. */
const STABLE_OUTPUTS = ["name", "location"];

export interface AzureNativeOptions {
  arm: ArmGateway;
  /** ARM's own address, `https://localhost:<port>`: links in its answers begin with it. */
  armEndpoint: string;
  principalId: string;
  tenantId: string;
  subscriptionId: string;
  issueToken(audience: string): Promise<string>;
}

/** `azure-native` for the resource types in `resource-types/`, in front of any ARM. */
export function azureNativeProvider(options: AzureNativeOptions): Provider {
  const caller: Caller = { ...options, clientId: AZURE_CLI_CLIENT_ID, resourceManagerAudience: RESOURCE_MANAGER_AUDIENCE };
  const armFor = ({ signal }: RequestContext) => armClient(options.arm, options.principalId, options.armEndpoint, signal);

  return {
    name: "azure-native",
    version: VERSION,

    invoke: async (token, args, context) => invoke(token, args, armFor(context), caller),

    async check(request, context) {
      const type = resourceType(context.type);
      const arm = armFor(context);
      const inputs = await withDefaults(type, request, context, (group) => locationOf(arm, options.subscriptionId, group));
      const problems = validate(type, inputs);
      return { inputs, failures: [...problems, ...notEmulated(type, inputs, problems)].map((reason) => ({ property: "", reason })) };
    },

    async diff({ oldInputs = {}, oldOutputs, news }, context) {
      const known = oldOutputs["azureApiVersion"];
      const olds = oldInputs["azureApiVersion"] === undefined && known !== undefined ? { ...oldInputs, azureApiVersion: known } : oldInputs;
      return diffInputs(resourceType(context.type), olds, news, oldOutputs);
    },

    async create({ inputs, preview }, context) {
      const type = resourceType(context.type);
      if (preview) return { id: "", outputs: previewOutputs(type, inputs) };
      const arm = armFor(context);
      const id = resourceId(type.path, type.parameters, reveal(inputs), options.subscriptionId);
      await refuseExisting(arm, type, id);
      const response = await write(arm, type, id, inputs, context);
      return { id: String(response["id"] ?? id), outputs: keepSecrets(responseOutputs(type, response), inputs) };
    },

    async update({ id, inputs, oldOutputs, preview }, context) {
      const type = resourceType(context.type);
      if (preview) {
        const stable = STABLE_OUTPUTS.filter((name) => name in oldOutputs).map((name) => [name, oldOutputs[name]]);
        return { outputs: { ...previewOutputs(type, inputs), ...Object.fromEntries(stable) } };
      }
      const response = await write(armFor(context), type, id, inputs, context);
      return { outputs: keepSecrets(responseOutputs(type, response), inputs) };
    },

    async read({ id, oldInputs, oldOutputs }, context) {
      const type = resourceType(context.type);
      const response = await armFor(context).get(id, type.apiVersion);
      if (response === undefined) return { id: "", inputs: {}, outputs: {} };
      const outputs = responseOutputs(type, response);
      const isImport = oldInputs === undefined || Object.keys(oldInputs).length === 0;
      const inputs = isImport ? importedInputs(type, parseResourceId(id, type), outputs) : refreshedInputs(type, oldInputs, oldOutputs, outputs);
      return { id, inputs, outputs: keepSecrets(outputs, inputs) };
    },

    async delete({ id }, context) {
      const type = resourceType(context.type);
      const accepted = await armFor(context).delete(id, type.apiVersion);
      await accepted.finished(progressLine(context)).catch((error: unknown) => {
        throw explained(error, id, context);
      });
    },
  };
}

async function locationOf(arm: ArmClient, subscriptionId: string, group: string): Promise<string | undefined> {
  const found = await arm.get(`/subscriptions/${subscriptionId}/resourceGroups/${encodeURIComponent(group)}`, "2024-03-01").catch(() => undefined);
  const location = found?.["location"];
  return typeof location === "string" ? location : undefined;
}

/** ARM's only way to create is a PUT that would as well update somebody else's resource. */
async function refuseExisting(arm: ArmClient, type: ResourceType, id: string): Promise<void> {
  const existing = await arm.get(id, type.apiVersion).catch((error: unknown) => {
    if (!(error instanceof ArmFailure)) throw error;
    throw new Error(`cannot check existence of resource '${id}': status code ${error.status}, ${error.message}`);
  });
  if (existing !== undefined && Object.keys(existing).length > 0) throw new Error(`cannot create already existing resource '${id}'`);
}

/** Once ARM has taken the request, any failure keeps the resource in the state: it may well exist. */
async function write(arm: ArmClient, type: ResourceType, id: string, inputs: PropertyMap, context: ResourceContext): Promise<PropertyMap> {
  const accepted = await arm.put(id, type.apiVersion, requestBody(type, reveal(inputs)));
  try {
    await accepted.finished(progressLine(context));
    const response = await arm.get(id, type.apiVersion);
    if (response === undefined) throw new Error(`'${id}' was gone right after it was written`);
    return response;
  } catch (error) {
    const response = await arm.get(id, type.apiVersion).catch(() => undefined);
    const outputs = response === undefined ? {} : keepSecrets(responseOutputs(type, response), inputs);
    const message = explained(error, id, context).message;
    throw new InitFailedError(message, { id: String(response?.["id"] ?? id), inputs, outputs });
  }
}

function progressLine(context: ResourceContext): (status: string) => void {
  return (status) => context.log("info", `Azure: ${status}`, { ephemeral: true });
}

/** Says in words that nobody waited for the end, which an abort's own error does not. */
function explained(error: unknown, id: string, context: ResourceContext): Error {
  if (!context.signal.aborted) return error instanceof Error ? error : new Error(String(error));
  const reason = context.signal.reason as unknown;
  if (reason instanceof DOMException && reason.name === "TimeoutError") return new Error(`operation timed out: '${id}'`);
  return new Error(`stopped waiting for '${id}', which Azure goes on with: the engine was interrupted`);
}
