import { isIP } from "node:net";
import { ArmError } from "../errors.ts";
import { isAbsent, isEmpty, objectOf, objectsOf, present, type JsonObject } from "../json.ts";
import { MAX_PORT, MIN_PORT } from "./constants.ts";
import { invalidParameter, invalidSchema, invalidValue } from "./errors.ts";
import { acceptTraffic, type TrafficTargets } from "./traffic.ts";

export type RevisionsMode = "Single" | "Multiple" | "Labels";

const TRANSPORTS = ["Auto", "Http", "Http2", "Tcp"];
const ACTIONS = ["Allow", "Deny"];

/** The ingress with defaults; undefined for an app without one. */
export function acceptIngress(ingress: unknown, mode: RevisionsMode, targets: TrafficTargets): JsonObject | undefined {
  if (isAbsent(ingress)) return undefined;
  const given = objectOf(ingress);
  checkSticky(objectOf(given["stickySessions"])["affinity"], mode);
  return present({
    external: given["external"] === true,
    targetPort: checkTargetPort(given["targetPort"]),
    exposedPort: 0,
    transport: checkTransport(given["transport"]),
    traffic: acceptTraffic(given["traffic"], mode, targets),
    allowInsecure: given["allowInsecure"] === true,
    ipSecurityRestrictions: acceptRestrictions(given["ipSecurityRestrictions"]),
  });
}

function checkTargetPort(port: unknown): number {
  if (Number(port) >= MIN_PORT && Number(port) <= MAX_PORT) return Number(port);
  throw new ArmError(
    "ContainerAppInvalidIngressTargetPort",
    `Ingress section of the container app must have a targetPort specified. TargetPort must be in the range of [${MIN_PORT},${MAX_PORT}].`,
  );
}

function checkTransport(transport: unknown): string {
  const known = TRANSPORTS.find((each) => each.toLowerCase() === String(transport ?? TRANSPORTS[0]).toLowerCase());
  if (!known) throw invalidSchema("$.properties.configuration.ingress.transport");
  return known;
}

function checkSticky(affinity: unknown, mode: RevisionsMode): void {
  if (isEmpty(affinity) || String(affinity).toLowerCase() === "none" || mode === "Single") return;
  throw new ArmError(
    "ContainerAppInvalidIngressStickySessionRevisionMode",
    "Ingress sticky sessions can only be set when the active revisions mode is Single.",
  );
}

/** Azure docs, IP restrictions: all rules allow, or all deny. */
function acceptRestrictions(restrictions: unknown): JsonObject[] | undefined {
  const given = objectsOf(restrictions);
  if (given.length === 0) return undefined;
  const actions = new Set<string>();
  const names = new Set<string>();
  for (const { name, ipAddressRange, action } of given) {
    if (isEmpty(name)) throw invalidValue("ipSecurityRestrictions.name", name, "A value must not be empty.");
    if (names.has(String(name))) throw invalidParameter(`The ipSecurityRestrictions rule name '${name}' is given twice. Names of rules must be unique.`);
    names.add(String(name));
    if (!isRange(String(ipAddressRange ?? ""))) {
      throw invalidValue("ipSecurityRestrictions.ipAddressRange", ipAddressRange, "A value must be an IPv4 address or a range in CIDR notation.");
    }
    if (!ACTIONS.includes(String(action))) throw invalidSchema("$.properties.configuration.ingress.ipSecurityRestrictions.action");
    actions.add(String(action));
  }
  if (actions.size > 1) throw invalidParameter("IpSecurityRestrictions must be either all 'Allow' or all 'Deny'.");
  return given;
}

function isRange(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  return isIP(address) === 4 && more.length === 0 && (bits === undefined || (/^\d{1,2}$/.test(bits) && Number(bits) <= 32));
}
