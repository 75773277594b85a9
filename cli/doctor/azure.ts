import { REGISTRY_API_VERSION } from "../../azure/arm-reader.ts";
import { createHttp } from "../../azure/http.ts";
import type { Login } from "../../automation/azure-login.ts";
import { askAzureCli } from "./azure-cli.ts";
import { missing, note, ok, type Finding } from "./finding.ts";
import { judgeRoles, needsAt, type RegistryKind, type RoleAssignment } from "./roles.ts";

const ARM = "https://management.azure.com";
const NAMESPACES = ["Microsoft.App", "Microsoft.ContainerRegistry", "Microsoft.OperationalInsights", "Microsoft.ManagedIdentity"];
const AUTHORIZATION_API = "2022-04-01";
const PROVIDERS_API = "2021-04-01";

export interface AzureTarget {
  login: Login;
  /** @default https://management.azure.com */
  endpoint?: string;
  /** PEM file of the authorities to trust. @default the system's */
  caFile?: string;
}

/** GET; `undefined` for 404. */
type Ask = <T>(path: string, query: Record<string, string>) => Promise<T | undefined>;

/** What a first deployment would stumble over in the subscription that the Azure CLI has chosen. */
export async function lookAtAzure(options: { registry?: string }): Promise<Finding[]> {
  const answer = await askAzureCli();
  if ("problem" in answer) return [answer.problem];
  const { subscriptionName, user } = answer.login;
  return [ok("Azure CLI", `${user}, subscription ${subscriptionName}`), ...(await lookAtSubscription({ login: answer.login }, options))];
}

/** @param options.registry id of a registry that exists already: pushing then needs a role on that one */
export async function lookAtSubscription(target: AzureTarget, { registry }: { registry?: string }): Promise<Finding[]> {
  const ask = askerOf(target);
  const { subscriptionId, principalId } = target.login;
  const subscription = `/subscriptions/${subscriptionId}`;
  const [providers, roles, registryRoles] = await Promise.all([
    Promise.all(NAMESPACES.map((namespace) => lookAtProvider(ask, subscription, namespace))),
    lookAtRoles(ask, subscription, registry === undefined ? "own" : "elsewhere", principalId),
    registry === undefined ? [] : lookAtRegistry(ask, registry, principalId),
  ]);
  return [...providers, ...roles, ...registryRoles];
}

async function lookAtProvider(ask: Ask, subscription: string, namespace: string): Promise<Finding> {
  const register = `az provider register --namespace ${namespace} --wait`;
  try {
    const provider = await ask<{ registrationState?: string }>(`${subscription}/providers/${namespace}`, { "api-version": PROVIDERS_API });
    const state = provider?.registrationState ?? "NotRegistered";
    return state === "Registered" ? ok(namespace, state) : missing(namespace, state, register);
  } catch (error) {
    return note(namespace, `cannot be asked: ${(error as Error).message}`, register);
  }
}

/** Roles at the scope and above it, those of the caller's groups included. */
async function lookAtRoles(ask: Ask, scope: string, registry: RegistryKind, principalId: string): Promise<Finding[]> {
  try {
    const query = { "api-version": AUTHORIZATION_API, $filter: `atScope() and assignedTo('${principalId}')` };
    const found = await ask<{ value: RoleAssignment[] }>(`${scope}/providers/Microsoft.Authorization/roleAssignments`, query);
    return judgeRoles(needsAt(scope, registry), found?.value ?? [], principalId);
  } catch (error) {
    return [note("roles", `cannot be asked: ${(error as Error).message}`, `az role assignment list --assignee ${principalId} --include-inherited --scope ${scope}`)];
  }
}

async function lookAtRegistry(ask: Ask, id: string, principalId: string): Promise<Finding[]> {
  try {
    const document = await ask<{ name: string; properties: { roleAssignmentMode?: string } }>(id, { "api-version": REGISTRY_API_VERSION });
    if (document === undefined) return [missing("registry", `${id} does not exist`, "az acr list --query [].id")];
    const kind = document.properties.roleAssignmentMode === "AbacRepositoryPermissions" ? "abac" : "legacy";
    return [ok("registry", `${document.name}, ${kind} permissions`), ...(await lookAtRoles(ask, id, kind, principalId))];
  } catch (error) {
    return [note("registry", `cannot be asked: ${(error as Error).message}`, "az acr list --query [].id")];
  }
}

function askerOf({ login, endpoint = ARM, caFile }: AzureTarget): Ask {
  const http = createHttp(caFile);
  return async <T>(path: string, query: Record<string, string>) => {
    const { status, text } = await http.send(`${endpoint}${path}?${new URLSearchParams(query)}`, { headers: { authorization: `Bearer ${login.token}` } });
    if (status === 404) return undefined;
    if (status === 200) return JSON.parse(text) as T;
    throw new Error(`ARM answered ${status} ${/"code":\s*"(\w+)"/.exec(text)?.[1] ?? ""}`.trim());
  };
}
