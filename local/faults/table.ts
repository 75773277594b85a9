/** Which requests of a registry a switch is about. `pull`: GET and HEAD of `/v2`; `push`: the other ones of `/v2`; `token`: both token endpoints. */
export const REGISTRY_REQUESTS = ["pull", "push", "token"] as const;
export type RegistryRequests = (typeof REGISTRY_REQUESTS)[number];

/** One failure of Azure that can be switched on. */
export interface FaultKind {
  /** What it does, as a sentence for people. */
  what: string;
  /** What it can be narrowed to by name; without a name it is about all of them. */
  target?: "app" | "registry";
  /** How often it happens; without a default: until it is cleared. */
  times?: { default?: number; max: number };
  seconds?: { default: number; max: number };
  requests?: { default: RegistryRequests };
}

const MAX_TIMES = 1_000;

/** Every switch: what it does, its parameters, their defaults and limits. `local/README.md` shows the same table; a test compares them. */
export const FAULTS = {
  "role-propagation-slow": {
    what: "a role assignment made from now on has no effect for its first seconds",
    seconds: { default: 20, max: 600 },
  },
  "role-propagation-never": {
    what: "a role assignment made from now on has no effect until this is cleared",
  },
  "operation-in-progress": {
    what: "a PUT or PATCH of an app is refused with 409 ContainerAppOperationInProgress",
    target: "app",
    times: { default: 2, max: MAX_TIMES },
  },
  "registry-500": {
    what: "the registry answers 500 UNKNOWN",
    target: "registry",
    times: { default: 2, max: MAX_TIMES },
    requests: { default: "push" },
  },
  "registry-503": {
    what: "the registry answers 503 UNAVAILABLE",
    target: "registry",
    times: { default: 2, max: MAX_TIMES },
    requests: { default: "push" },
  },
  "push-token-expired": {
    what: "the access token of a push has expired when its first blob is sent: 401 UNAUTHORIZED, then and for every later request with it",
    target: "registry",
    times: { default: 1, max: MAX_TIMES },
  },
  "pull-denied": {
    what: "the image of a new revision is refused with UNAUTHORIZED, as if the identity lacked its role",
    target: "app",
    times: { max: MAX_TIMES },
  },
  "never-ready": {
    what: "probes of revisions made from now on are answered as failed",
    target: "app",
  },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
export const kindOf = (name: FaultName): FaultKind => FAULTS[name];
