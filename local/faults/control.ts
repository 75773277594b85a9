import { ArmError } from "../arm/errors.ts";
import { isObject, present } from "../arm/json.ts";
import { answer, type ArmRequest, type ArmResponse } from "../arm/request.ts";
import type { Fault, Faults } from "./faults.ts";
import { FAULTS, FAULT_NAMES, kindOf, REGISTRY_REQUESTS, type FaultKind, type FaultName, type RegistryRequests } from "./table.ts";

/** On ARM's own server, outside of ARM's paths. */
export const FAULTS_PATH = "/toolwharf/faults";

/** Every name that an app or a registry can have. */
const TARGET = /^[a-z0-9][a-z0-9-]{0,62}$/i;

export const isFaultsPath = (path: string): boolean => path === FAULTS_PATH || path.startsWith(`${FAULTS_PATH}/`);

/**
 * GET: the table and what is on; PUT `/<switch>` with `{app | registry, times, seconds, requests}`; DELETE, of one or all.
 * @param ownerId principal of the instance's owner, the only one who may
 * @throws ArmError 403, 404 `SwitchUnknown`, 400 `SwitchParameterInvalid`
 */
export function controlFaults(faults: Faults, ownerId: string, { method, path, body, principalId }: Pick<ArmRequest, "method" | "path" | "body" | "principalId">): ArmResponse {
  if (principalId !== ownerId) throw new ArmError("AuthorizationFailed", `Only the owner of the miniature may set failure switches; the caller is '${principalId}'.`, 403);
  const name = path.slice(FAULTS_PATH.length + 1);
  if (method === "GET" && name === "") return answer(200, { switches: FAULTS, on: faults.list() });
  if (method === "DELETE") return answer(200, { cleared: faults.clear(name === "" ? undefined : checkName(name)) });
  if (method === "PUT" && name !== "") return answer(200, faults.set(readFault(checkName(name), body)));
  throw new ArmError("MethodNotAllowed", `${method} ${path} is not known. Allowed are GET ${FAULTS_PATH}, PUT ${FAULTS_PATH}/<switch> and DELETE of either.`, 405);
}

function checkName(name: string): FaultName {
  const known = FAULT_NAMES.find((each) => each === name);
  if (known) return known;
  throw new ArmError("SwitchUnknown", `There is no switch '${name}'. Allowed are ${FAULT_NAMES.join(", ")}.`, 404);
}

function readFault(name: FaultName, body: unknown): Omit<Fault, "since" | "happened"> {
  const kind = kindOf(name);
  const given = present(isObject(body) ? body : {});
  const allowed = [kind.target, ...(["times", "seconds", "requests"] as const).filter((each) => kind[each])].filter((each) => each !== undefined);
  const problems = Object.keys(given).flatMap((each) => (allowed.includes(each as (typeof allowed)[number]) ? [] : [`'${each}' is no parameter of ${name}; it has ${allowed.join(", ") || "none"}`]));
  const fault = { name, ...target(kind, given, problems), ...count(kind, given, problems), ...requests(kind, given, problems) };
  if (problems.length > 0) throw new ArmError("SwitchParameterInvalid", `${problems.join("; ")}.`);
  return fault;
}

function target(kind: FaultKind, given: Record<string, unknown>, problems: string[]): { target?: string } {
  const value = kind.target && given[kind.target];
  if (value === undefined) return {};
  if (typeof value === "string" && TARGET.test(value)) return { target: value };
  problems.push(`${kind.target} is ${JSON.stringify(value)}; allowed is a name of 1 to 63 letters, digits and hyphens`);
  return {};
}

function count(kind: FaultKind, given: Record<string, unknown>, problems: string[]): { timesLeft?: number; seconds?: number } {
  const read = (name: "times" | "seconds"): number | undefined => {
    const limits = kind[name];
    const value = given[name] ?? limits?.default;
    if (!limits || value === undefined) return undefined;
    if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= limits.max) return value as number;
    problems.push(`${name} is ${JSON.stringify(value)}; allowed is a whole number from 1 to ${limits.max}`);
    return undefined;
  };
  return present({ timesLeft: read("times"), seconds: read("seconds") }) as { timesLeft?: number; seconds?: number };
}

function requests(kind: FaultKind, given: Record<string, unknown>, problems: string[]): { requests?: RegistryRequests } {
  if (!kind.requests) return {};
  const value = given["requests"] ?? kind.requests.default;
  const known = REGISTRY_REQUESTS.find((each) => each === value);
  if (known) return { requests: known };
  problems.push(`requests is ${JSON.stringify(value)}; allowed are ${REGISTRY_REQUESTS.join(", ")}`);
  return {};
}
