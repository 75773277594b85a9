// TypeBox: its types are JSON Schema already, so that one definition is the published schema, the validator's and the type.
import Type from "typebox";
import type { Static } from "typebox";
import { ADDRESS_RANGE_PATTERN } from "../address-range.ts";
import { TOOL_NAME_PATTERN, TOOL_NAME_RULE } from "../names.ts";
import { ACCESS, DEFAULT_HEALTH_PATH, DEFAULT_PORT, PLATFORM, PROTOCOLS, RUNTIMES } from "../runtimes.ts";
import { CPU_PATTERN, HEALTH_PATH, MEMORY_PATTERN, RELATIVE_PATH, TAG_NAME } from "./patterns.ts";

/** `errorMessage` is what is allowed, in words: of our own messages, and of editors that know the keyword. */
const allowed = (errorMessage: string, description: string) => ({ errorMessage, description });
const wholeNumber = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, ...allowed(`a whole number from ${minimum} to ${maximum}`, description) });
const name = (description: string) => Type.String({ pattern: `^${TOOL_NAME_PATTERN.slice(1, -1)}$`, ...allowed(TOOL_NAME_RULE, description) });
const path = (description: string) => Type.String({ pattern: RELATIVE_PATH, maxLength: 1024, ...allowed('a path inside the tool\'s folder, relative to it, with "/" and without ".."', description) });
const strict = { additionalProperties: false };
const oneOf = <const T extends readonly string[]>(values: T, description: string) => Type.Unsafe<T[number]>({ enum: [...values], ...allowed(values.join(", "), description) });

const command = Type.Union(
  [
    Type.Array(Type.String({ minLength: 1, maxLength: 4096, pattern: "^[^\\u0000]*$", errorMessage: "text" }), { minItems: 1, maxItems: 256 }),
    // Words that need no shell to be understood.
    Type.String({ pattern: "^[\\w@%+=:,./-]+( +[\\w@%+=:,./-]+)*$", maxLength: 4096 }),
  ],
  allowed('a list with an argument an element, such as ["python", "server.py"], or words without quotes, variables and other shell syntax', "What the container runs. No shell reads it."),
);

const resources = Type.Object(
  {
    cpu: Type.Optional(Type.Union([Type.Number(), Type.String({ pattern: CPU_PATTERN })], allowed("0.25 to 4 in quarters", "vCPU of a container, 0.25 to 4 in quarters"))),
    memory: Type.Optional(Type.String({ pattern: MEMORY_PATTERN, ...allowed("0.5Gi to 8Gi, 2Gi for each vCPU", "Memory of a container: 2Gi for each vCPU") })),
  },
  { ...strict, ...allowed("an object with cpu, memory", "Size of a container. One of the two decides the other.") },
);

const scale = Type.Object(
  {
    minReplicas: Type.Optional(wholeNumber(0, 1_000, "Fewest replicas; 0 lets a tool that nobody asks rest")),
    maxReplicas: Type.Optional(wholeNumber(1, 1_000, "Most replicas")),
    concurrentRequests: Type.Optional(wholeNumber(1, 1_000_000, "Requests at once for each replica before another is started")),
  },
  { ...strict, ...allowed("an object with minReplicas, maxReplicas, concurrentRequests", "How many replicas run") },
);

const volume = Type.Object(
  {
    storage: Type.String({ pattern: "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$", ...allowed("1 to 63 lower-case letters, digits and hyphens", "Name of a storage of the environment") }),
    mountPath: Type.String({ pattern: "^(?!.*/\\.\\.(?:/|$))(?:/[^/:\\u0000]+)+$", maxLength: 1024, ...allowed("an absolute path in the container below /, without a slash at its end, : or ..", "Where the container finds it") }),
  },
  { ...strict, ...allowed("an object with storage, mountPath", "A storage of the environment, mounted") },
);

const build = Type.Object(
  {
    dockerfile: Type.Optional(path("The folder's own Dockerfile, such as scripts/Dockerfile; it is used unchanged")),
    context: Type.Optional(path("Folder that the Dockerfile's COPY takes from. Default the tool's folder")),
    target: Type.Optional(Type.String({ pattern: "^[A-Za-z][\\w.-]{0,127}$", ...allowed("the name of a stage: letters, digits, _ . -", "Stage of the Dockerfile that is built. Default the last") })),
    args: Type.Optional(
      // BuildKit's own arguments choose what reads the Dockerfile, and ours when it is read again.
      Type.Record(Type.String({ pattern: "^(?!BUILDKIT_|TOOLWHARF_)[A-Za-z_][A-Za-z0-9_]*$" }), Type.Union([Type.String({ maxLength: 32_768 }), Type.Number(), Type.Boolean()], { errorMessage: "text, a number, true or false" }), {
        ...strict,
        keyMessage: "names of letters, digits and _ that do not start with a digit, BUILDKIT_ or TOOLWHARF_",
        ...allowed("an object: name of a build argument to its value", "Build arguments. They stay readable in the image: no secrets"),
      }),
    ),
    platform: Type.Optional(oneOf([PLATFORM], "Container Apps runs no other")),
    tags: Type.Optional(
      Type.Array(Type.String({ pattern: "^(?![0-9a-f]{24}$)[A-Za-z0-9_][\\w.-]{0,127}$", ...allowed("1 to 128 letters, digits, _ . -, not starting with . or -, and not of the form of a content hash", "A tag of the image") }), {
        maxItems: 32,
        uniqueItems: true,
        ...allowed("a list of tags", "Tags that the image gets beside the content hash, such as latest"),
      }),
    ),
  },
  { ...strict, ...allowed("an object with dockerfile, context, target, args, platform, tags", "How the image is built") },
);

export const TOOL_MANIFEST = Type.Object(
  {
    name: Type.Optional(name("Name of the tool. Default the folder's; under tools/ it can be no other")),
    group: Type.Optional(name('Tools that belong together: the first part of the image\'s name. Default "tools"')),
    component: Type.Optional(name("Another word for group")),
    runtime: Type.Optional(oneOf(RUNTIMES, "What the folder is. Default what is found")),
    entrypoint: Type.Optional(
      Type.String({ pattern: "^(?![/-])(?!(?:.*/)?\\.\\.(?:/|$))[\\w./@-]+(?::[A-Za-z_][\\w.]*(?:\\(\\))?)?$", maxLength: 512, ...allowed("module:variable such as main:app, module:factory() or a file such as server.js", "What starts the tool: module:variable, or a file") }),
    ),
    command: Type.Optional(command),
    port: Type.Optional(wholeNumber(1, 65_535, `Port that the container listens on; it is told in PORT. Default what is found, else ${DEFAULT_PORT}`)),
    healthPath: Type.Optional(Type.String({ pattern: HEALTH_PATH, ...allowed("a path of an HTTP request, starting with /", `Path that answers 200 to 399 when the tool is well. Default what is found, else ${DEFAULT_HEALTH_PATH}`) })),
    startupSeconds: Type.Optional(wholeNumber(10, 2_400, "How long a start may take")),
    protocol: Type.Optional(oneOf(PROTOCOLS, "What the endpoint speaks. Default what is found")),
    resources: Type.Optional(resources),
    scale: Type.Optional(scale),
    access: Type.Optional(oneOf(ACCESS, "Who reaches the endpoint: everybody, the environment's network, or allowedIps")),
    allowedIps: Type.Optional(Type.Array(Type.String({ pattern: ADDRESS_RANGE_PATTERN, errorMessage: "an IPv4 address or range, such as 203.0.113.7 or 198.51.100.0/24" }), allowed("a list of IPv4 addresses and ranges", "Who reaches the endpoint with access ip-list"))),
    environment: Type.Optional(
      Type.Record(Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }), Type.Union([Type.String({ maxLength: 32_768 }), Type.Number(), Type.Boolean()], { errorMessage: "text, a number, true or false" }), {
        ...strict,
        keyMessage: "names of letters, digits and _ that do not start with a digit",
        ...allowed("an object: name of a variable to its value", "Environment variables. No secrets"),
      }),
    ),
    secrets: Type.Optional(
      Type.Array(Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]*$", maxLength: 253, ...allowed("a name of letters, digits and _ that does not start with a digit", "Name of an environment variable") }), {
        uniqueItems: true,
        ...allowed("a list of names", "Environment variables whose values are secrets: names only, the values are set with the deployment"),
      }),
    ),
    volumes: Type.Optional(Type.Array(volume, { ...allowed("a list of objects with storage, mountPath", "Storages of the environment, mounted") })),
    build: Type.Optional(build),
    systemPackages: Type.Optional(
      Type.Array(Type.String({ pattern: "^[a-z0-9][a-z0-9+.-]{1,127}$", ...allowed("the name of a Debian package", "A Debian package") }), {
        uniqueItems: true,
        maxItems: 128,
        ...allowed("a list of names of Debian packages", "Debian packages that a generated Dockerfile installs"),
      }),
    ),
    tags: Type.Optional(
      Type.Record(Type.String({ pattern: TAG_NAME }), Type.String({ maxLength: 256, errorMessage: "text of at most 256 characters" }), {
        ...strict,
        maxProperties: 13,
        keyMessage: "1 to 512 characters without < > % & \\ ? /, and not starting with toolwharf, azure, microsoft or windows",
        ...allowed("an object of at most 13 names to texts", "Tags of the container app in Azure"),
      }),
    ),
    ttl: Type.Optional(Type.String({ pattern: "^[1-9]\\d{0,4}[mhd]$", ...allowed("minutes, hours or days such as 30m, 12h, 7d", "Time to live: when the tool may be removed, counted from its last deployment") })),
  },
  { ...strict, ...allowed("an object of settings", "A tool of Toolwharf: what it is, how it is built and how it runs. Everything is optional.") },
);

/** The fields of a manifest as they are written. */
export type ManifestDocument = Static<typeof TOOL_MANIFEST>;

/** The schema as it is published. */
export function publishedSchema(): object {
  const { type, ...rest } = JSON.parse(JSON.stringify(TOOL_MANIFEST)) as Record<string, unknown>;
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title: "tool.yaml", type, ...rest };
}
