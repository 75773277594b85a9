import { ArmError } from "../errors.ts";
import { isAbsent, isEmpty, objectOf, objectsOf, present, type JsonObject } from "../json.ts";
import { FAILURE_THRESHOLD_RANGES, MAX_PORT, MIN_PORT, PROBE_RANGES, type Range } from "./constants.ts";
import { invalidParameter, invalidSchema } from "./errors.ts";

const TYPES = ["Liveness", "Readiness", "Startup"];
const SCHEMES = ["HTTP", "HTTPS"];
/** Azure docs, health probes: a container is alive or started as soon as it answers once. */
const ONE_SUCCESS = ["Liveness", "Startup"];

export function acceptProbes(probes: unknown, container: string): JsonObject[] {
  const types = new Set<string>();
  return objectsOf(probes).map((probe) => {
    const type = TYPES.find((each) => each.toLowerCase() === String(probe["type"]).toLowerCase());
    if (!type) throw invalidSchema("$.properties.template.containers.probes.type");
    if (types.has(type)) throw invalidParameter(`Container '${container}' has more than one probe of type '${type}'.`);
    types.add(type);
    checkRanges(probe, type, container);
    return present({ ...probe, type, httpGet: acceptHttpGet(probe, type, container) });
  });
}

function acceptHttpGet(probe: JsonObject, type: string, container: string): JsonObject | undefined {
  const [http, tcp] = [probe["httpGet"], probe["tcpSocket"]];
  if (isEmpty(http) === isEmpty(tcp)) {
    throw invalidParameter(`Container '${container}' '${type}' probe must have exactly one of httpGet and tcpSocket.`);
  }
  const { port } = objectOf(isEmpty(http) ? tcp : http);
  if (typeof port !== "number" || port < MIN_PORT || port > MAX_PORT) {
    throw outOfRange("Port", { min: MIN_PORT, max: MAX_PORT }, container);
  }
  if (isEmpty(http)) return undefined;
  const { scheme, path, ...rest } = objectOf(http);
  const known = SCHEMES.find((each) => each === String(scheme ?? SCHEMES[0]).toUpperCase());
  if (!known) throw invalidSchema("$.properties.template.containers.probes.httpGet.scheme");
  return { ...rest, path: isEmpty(path) ? "/" : path, scheme: known };
}

function checkRanges(probe: JsonObject, type: string, container: string): void {
  const ranges = { ...PROBE_RANGES, failureThreshold: FAILURE_THRESHOLD_RANGES[type]! };
  for (const [name, range] of Object.entries(ranges)) {
    const value = probe[name];
    if (isAbsent(value)) continue;
    if (Number(value) < range.min || Number(value) > range.max) throw outOfRange(name[0]!.toUpperCase() + name.slice(1), range, container);
  }
  if (ONE_SUCCESS.includes(type) && (probe["successThreshold"] ?? 1) !== 1) throw outOfRange("SuccessThreshold", { min: 1, max: 1 }, container);
}

/** The word 'Type' stands in Azure's text where the probe's type is meant (microsoft/azure-container-apps issue 1100). */
function outOfRange(property: string, { min, max }: Range, container: string): ArmError {
  return new ArmError(
    `ContainerAppProbe${property}OutOfRange`,
    `Container '${container}' 'Type' probe's ${property} must be in the range of ['${min}', '${max}'].`,
  );
}
