/**
 * ARM resource ids: `/subscriptions/<id>[/resourceGroups/<name>]/providers/<namespace>/<type>/<name>[/<type>/<name>...]`,
 * where a further `/providers/...` names an extension of what stands before it (a role assignment). Ids are compared without case.
 */
export interface ResourceId {
  /** The id that this one belongs to: a subscription, a resource group, or the resource it extends. Empty for the tenant. */
  scope: string;
  /** `Microsoft.App`; `Microsoft.Resources` for subscriptions and resource groups, whose ids have no `providers` part. */
  namespace: string;
  /** `["containerApps", "revisions"]` */
  types: string[];
  /** `["app", "app--abc"]`; one shorter than `types` in the path of a collection or an action. */
  names: string[];
}

const RESOURCES = "Microsoft.Resources";

/** The parts of a request's path, which may also name a collection or an action. Undefined when it is not of ARM's form. */
export function parseArmPath(path: string): ResourceId | undefined {
  const segments = path.split("/").filter((segment) => segment !== "").map(decode);
  if (segments.includes(undefined)) return undefined;
  const words = segments as string[];
  const isProviders = (at: number) => words[at]?.toLowerCase() === "providers";

  let at = words.findIndex((_, index) => index % 2 === 0 && isProviders(index));
  if (at === -1) return parseWithoutProvider(words);
  for (;;) {
    const namespace = words[at + 1];
    let next = at + 2;
    while (next < words.length && !isProviders(next)) next += 2;
    if (namespace === undefined || words[at + 2] === undefined) return undefined;
    if (next >= words.length) {
      const rest = words.slice(at + 2);
      return { scope: join(words.slice(0, at)), namespace, types: everySecond(rest, 0), names: everySecond(rest, 1) };
    }
    at = next;
  }
}

/** The parts of a whole id; undefined for anything else, a collection included. */
export function parseResourceId(id: string): ResourceId | undefined {
  const parsed = id.startsWith("/") ? parseArmPath(id) : undefined;
  return parsed && parsed.types.length === parsed.names.length ? parsed : undefined;
}

export function formatResourceId({ scope, namespace, types, names }: ResourceId): string {
  const pairs = types.map((type, index) => (names[index] === undefined ? `/${type}` : `/${type}/${names[index]}`)).join("");
  return namespace === RESOURCES ? `${scope}${pairs}` : `${scope}/providers/${namespace}${pairs}`;
}

/** `Microsoft.App/containerApps/revisions`, as written in the id. */
export function typeOf({ namespace, types }: ResourceId): string {
  return [namespace, ...types].join("/");
}

export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** The id of what a child belongs to: without its last type and name. */
export function parentIdOf(id: string): string {
  return id.split("/").slice(0, -2).join("/");
}

export function resourceGroupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(id)?.[1];
}

export function subscriptionOf(id: string): string | undefined {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1];
}

/** The id of the resource group that holds `id`. */
export function groupIdOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];
}

export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether `id` is `scope` or lies below it. */
export function isWithin(id: string, scope: string): boolean {
  const [inner, outer] = [id.toLowerCase(), scope.toLowerCase().replace(/\/+$/, "")];
  return inner === outer || inner.startsWith(`${outer}/`);
}

function parseWithoutProvider(words: string[]): ResourceId | undefined {
  if (words[0]?.toLowerCase() !== "subscriptions") return undefined;
  if (words.length <= 2) return { scope: "", namespace: RESOURCES, types: ["subscriptions"], names: words.slice(1) };
  const rest = words.slice(2);
  return { scope: join(words.slice(0, 2)), namespace: RESOURCES, types: everySecond(rest, 0), names: everySecond(rest, 1) };
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

const everySecond = (words: string[], first: 0 | 1) => words.filter((_, index) => index % 2 === first);
const join = (words: string[]) => words.map((word) => `/${word}`).join("");
