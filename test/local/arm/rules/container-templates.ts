import type { JsonObject } from "../../../../local/arm/json.ts";
import type { World } from "../../../support/arm-world.ts";
import { appBody, appWithContainer } from "../../../support/platform-bodies.ts";
import type { Rule } from "./rule.ts";

const APP = "Microsoft.App/containerApps/weather";
const template = (change: JsonObject) => (world: World) => appBody(world, { properties: { template: change } });
const container = (change: JsonObject) => (world: World) => appWithContainer(world, change);
const sized = (cpu: unknown, memory: unknown) => container({ resources: { cpu, memory } });
const probed = (type: string, change: JsonObject) => container({ probes: [{ type, httpGet: { path: "/health", port: 8000 }, ...change }] });
const scaled = (change: JsonObject) => template({ scale: change });
const inV1 = (body: (world: World) => JsonObject) => (world: World) => {
  const made = body(world);
  (made["properties"] as JsonObject)["environmentId"] = world.idOf("Microsoft.App/managedEnvironments/v1");
  return made;
};

const pairs = (rows: number) =>
  Array.from({ length: rows }, (_, index) => [(index + 1) / 4, (index + 1) / 2].map((size) => (Number.isInteger(size) ? `${size}.0` : size)))
    .map(([cpu, memory]) => `[cpu: ${cpu}, memory: ${memory}Gi]`)
    .join("; ");
const total = (cpu: string, memory: string, rows: number) => ({
  code: "ContainerAppInvalidResourceTotal",
  message: `The total requested CPU and memory resources for this application (CPU: ${cpu}, memory: ${memory}) is invalid. Total CPU and memory for all containers defined in a Container App must add up to one of the following CPU - Memory combinations: ${pairs(rows)}`,
});
const SEEN_TOTAL = "Azure/bicep-types-az issue 1924; Azure docs, containers";

const probeRange = (property: string, min: number, max: number) => ({ code: `ContainerAppProbe${property}OutOfRange`, message: `Container 'weather' 'Type' probe's ${property} must be in the range of ['${min}', '${max}'].` });
const SEEN_PROBE = "microsoft/azure-container-apps issue 1100; ranges: API reference, hashicorp/terraform-provider-azurerm pull request 31989";
const LIKE_PROBE = "after microsoft/azure-container-apps issue 1100; range: API reference";
const scaleSpec = (problems: string) => ({ code: "ContainerAppInvalidScaleSpec", message: `The scale options provided for Container App 'weather' is incorrect. ${problems}` });
const SEEN_SCALE = "seen: ContainerAppInvalidScaleSpec; MicrosoftDocs/azure-docs issue 89742";
const RULE_NAME = "A value must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character.";
const suffix = (value: string) => ({ code: "ContainerAppInvalidRevisionName", message: `Revision name has an invalid value '${value}'. A revision name must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character. The length of the revision name must not be more than a combined 54 characters with the container app name.` });
const SEEN_SUFFIX = "Azure/azure-quickstart-templates issue 14660";

export const containerTemplateRules: Rule[] = [
  { rule: "0.25 cores go with 0.5 GiB", path: APP, body: sized(0.25, "0.5Gi"), accepted: { properties: { template: { containers: [{ resources: { cpu: 0.25, memory: "0.5Gi", ephemeralStorage: "1Gi" } }] } } }, source: "Azure docs, containers" },
  { rule: "4 cores go with 8 GiB in the Consumption profile", path: APP, body: sized(4, "8Gi"), accepted: { properties: { template: { containers: [{ resources: { ephemeralStorage: "8Gi" } }] } } }, source: "Azure docs, containers" },
  { rule: "cores and memory are a pair", path: APP, body: sized(1, "1Gi"), refused: total("1", "1.0", 16), source: SEEN_TOTAL },
  { rule: "cores go in steps of a quarter", path: APP, body: sized(0.3, "0.6Gi"), refused: total("0.3", "0.6", 16), source: SEEN_TOTAL },
  { rule: "the Consumption profile ends at 4 cores", path: APP, body: sized(4.25, "8.5Gi"), refused: total("4.25", "8.5", 16), source: SEEN_TOTAL },
  { rule: "an environment without profiles ends at 2 cores", path: APP, body: inV1(sized(4, "8Gi")), refused: total("4", "8.0", 8), source: "Azure/bicep issue 14569; Azure docs, containers" },
  { rule: "2 cores are accepted without profiles", path: APP, body: inV1(sized(2, "4Gi")), accepted: true, source: "Azure docs, containers" },
  { rule: "two containers are summed; a sum that Azure has is not emulated", path: APP, body: template({ containers: [{ name: "one", image: "one:1", resources: { cpu: 0.5, memory: "0.5Gi" } }, { name: "two", image: "two:1", resources: { cpu: 0.25, memory: "1Gi" } }] }), refused: { status: 501, code: "NotEmulated", message: /'properties\.template\.containers'\. Use one container\./ }, source: "Azure docs, containers; local/README.md" },
  { rule: "the sum of two containers is a pair", path: APP, body: template({ containers: [{ name: "one", image: "one:1", resources: { cpu: 0.5, memory: "1Gi" } }, { name: "two", image: "two:1", resources: { cpu: 0.25, memory: "1Gi" } }] }), refused: total("0.75", "2.0", 16), source: SEEN_TOTAL },
  { rule: "memory is in Gi", path: APP, body: sized(0.25, "512Mi"), refused: { code: "ContainerAppInvalidPropertyValue", message: "Property 'resources.memory' has an invalid value '512Mi'. A value must be a number with at most two decimals followed by 'Gi', for instance '0.5Gi'." }, source: "rule: Azure docs, containers; text assumed" },
  { rule: "cores are a number", path: APP, body: sized("0.25", "0.5Gi"), refused: { code: "ContainerAppInvalidSchema", message: "Invalid request body for container app. Path: $.properties.template.containers[0].resources.cpu. Does not conform to Container App schema, please visit for more information https://docs.microsoft.com/azure/container-apps/azure-resource-manager-api-spec?tabs=arm-template#container-app" }, source: "microsoft/azure-container-apps issue 436; the path's form assumed" },

  { rule: "a container is required", path: APP, body: template({ containers: [] }), refused: { code: "ContainerAppCreateMustContainContainer", message: /at least one container/ }, source: "code: microsoft/azure-container-apps issue 194; text assumed" },
  { rule: "an image is required", path: APP, body: container({ image: "" }), refused: { code: "ContainerAppImageRequired", message: "Container with name 'weather' must have an 'Image' property specified." }, source: "seen: ContainerAppImageRequired" },
  { rule: "a container's name has no capitals", path: APP, body: container({ name: "Weather" }), refused: { code: "ContainerAppInvalidPropertyValue", message: /^Property 'containers\.name' has an invalid value 'Weather'\./ }, source: "rule: microsoft/vscode-azurecontainerapps issue 19; code assumed" },
  { rule: "names of containers are unique", path: APP, body: template({ containers: [{ name: "one", image: "one:1" }, { name: "one", image: "two:1" }] }), refused: { code: "InvalidRequestParameterWithDetails", message: "The container name 'one' is given twice. Names of containers must be unique." }, source: "assumed" },
  { rule: "a variable may be a secret of the app", path: APP, body: (world) => appWithContainer(world, { env: [{ name: "KEY", secretRef: "key" }, { name: "EMPTY", value: "" }] }, { properties: { configuration: { secrets: [{ name: "key", value: "x" }] } } }), accepted: { properties: { template: { containers: [{ env: [{ name: "KEY", secretRef: "key" }, { name: "EMPTY", value: "" }] }] } } }, source: "API reference, EnvironmentVar" },
  { rule: "a variable's secret must exist", path: APP, body: container({ env: [{ name: "KEY", secretRef: "none" }] }), refused: { code: "ContainerAppSecretRefNotFound", message: "SecretRef 'none' defined for container 'weather' not found." }, source: "seen: ContainerAppSecretRefNotFound" },
  { rule: "a variable given twice is accepted", path: APP, body: container({ env: [{ name: "A", value: "1" }, { name: "A", value: "2" }] }), accepted: true, source: "microsoft/azure-container-apps issue 1273" },

  { rule: "a liveness probe fails at most 30 times", path: APP, body: probed("Liveness", { failureThreshold: 31 }), refused: probeRange("FailureThreshold", 1, 30), source: SEEN_PROBE },
  { rule: "a readiness probe fails at most 48 times", path: APP, body: probed("Readiness", { failureThreshold: 49 }), refused: probeRange("FailureThreshold", 1, 48), source: SEEN_PROBE },
  { rule: "a startup probe may fail 240 times", path: APP, body: probed("Startup", { failureThreshold: 240 }), accepted: true, source: SEEN_PROBE },
  { rule: "a probe fails once at least", path: APP, body: probed("Startup", { failureThreshold: 0 }), refused: probeRange("FailureThreshold", 1, 240), source: SEEN_PROBE },
  { rule: "a period is at most 240 seconds", path: APP, body: probed("Liveness", { periodSeconds: 241 }), refused: probeRange("PeriodSeconds", 1, 240), source: LIKE_PROBE },
  { rule: "a period is at least 1 second", path: APP, body: probed("Liveness", { periodSeconds: 0 }), refused: probeRange("PeriodSeconds", 1, 240), source: LIKE_PROBE },
  { rule: "a timeout is at most 240 seconds", path: APP, body: probed("Readiness", { timeoutSeconds: 241 }), refused: probeRange("TimeoutSeconds", 1, 240), source: LIKE_PROBE },
  { rule: "a delay is at most 60 seconds", path: APP, body: probed("Startup", { initialDelaySeconds: 61 }), refused: probeRange("InitialDelaySeconds", 0, 60), source: LIKE_PROBE },
  { rule: "a readiness probe may ask for 10 successes", path: APP, body: probed("Readiness", { successThreshold: 10 }), accepted: true, source: "API reference, ContainerAppProbe" },
  { rule: "a liveness probe succeeds at once", path: APP, body: probed("Liveness", { successThreshold: 2 }), refused: probeRange("SuccessThreshold", 1, 1), source: "rule: API reference, ContainerAppProbe; text assumed" },
  { rule: "a probe's type is one of three, in any case", path: APP, body: probed("liveness", {}), accepted: { properties: { template: { containers: [{ probes: [{ type: "Liveness", httpGet: { scheme: "HTTP" } }] }] } } }, source: "microsoft/azure-container-apps issue 1100: lower case accepted" },
  { rule: "a probe's type is known", path: APP, body: probed("Health", {}), refused: { code: "ContainerAppInvalidSchema", message: /probes\.type/ }, source: "assumed" },
  { rule: "a container has one probe of a type", path: APP, body: container({ probes: [1, 2].map(() => ({ type: "Liveness", tcpSocket: { port: 8000 } })) }), refused: { code: "InvalidRequestParameterWithDetails", message: "Container 'weather' has more than one probe of type 'Liveness'." }, source: "rule: Azure docs, health probes; text assumed" },
  { rule: "a probe asks by HTTP or TCP, not both", path: APP, body: probed("Liveness", { tcpSocket: { port: 8000 } }), refused: { code: "InvalidRequestParameterWithDetails", message: "Container 'weather' 'Liveness' probe must have exactly one of httpGet and tcpSocket." }, source: "assumed" },
  { rule: "a probe needs a port", path: APP, body: probed("Liveness", { httpGet: { path: "/health" } }), refused: probeRange("Port", 1, 65535), source: "assumed" },

  { rule: "as many replicas as Azure has are accepted", path: APP, body: scaled({ minReplicas: 1000, maxReplicas: 1000 }), accepted: true, source: "Azure docs, scaling" },
  { rule: "at least one replica may run", path: APP, body: scaled({ maxReplicas: 0 }), refused: scaleSpec("MaxReplicas must be greater than 0."), source: SEEN_SCALE },
  { rule: "fewer than no replicas cannot run", path: APP, body: scaled({ minReplicas: -1 }), refused: scaleSpec("minReplicas must not be less than 0."), source: SEEN_SCALE },
  { rule: "the most is not less than the fewest", path: APP, body: scaled({ minReplicas: 3, maxReplicas: 2 }), refused: scaleSpec("maxReplicas must not be less than minReplicas."), source: SEEN_SCALE },
  { rule: "1001 replicas are too many", path: APP, body: scaled({ maxReplicas: 1001 }), refused: scaleSpec("The maxReplicas must not be bigger than 1000."), source: SEEN_SCALE },
  { rule: "a scale rule's name has no capitals", path: APP, body: scaled({ rules: [{ name: "HTTP", http: {} }] }), refused: { code: "ContainerAppInvalidPropertyValue", message: `Property 'rules.name' has an invalid value 'HTTP'. ${RULE_NAME}` }, source: "DFE-Digital issue 96" },
  { rule: "concurrent requests are a string", path: APP, body: scaled({ rules: [{ name: "http", http: { metadata: { concurrentRequests: 100 } } }] }), refused: { code: "ContainerAppInvalidSchema", message: /Path: \$\.properties\.template\.scale\.rules\[0\]\.http\.metadata\./ }, source: "seen: ContainerAppInvalidSchema for a number" },
  { rule: "concurrent requests are at least 1", path: APP, body: scaled({ rules: [{ name: "http", http: { metadata: { concurrentRequests: "0" } } }] }), refused: { code: "ContainerAppInvalidPropertyValue", message: /concurrentRequests' has an invalid value '0'/ }, source: "rule: Azure docs, scaling; text assumed" },

  { rule: "a revision suffix of the user is kept", path: APP, body: template({ revisionSuffix: "v2" }), accepted: { properties: { template: { revisionSuffix: "v2" } } }, source: "Azure docs, revisions" },
  { rule: "app name and suffix have at most 54 characters together", path: APP, body: template({ revisionSuffix: `v${"1".repeat(47)}` }), refused: suffix(`v${"1".repeat(47)}`), source: SEEN_SUFFIX },
  { rule: "app name and suffix may have 54 characters together", path: APP, body: template({ revisionSuffix: `v${"1".repeat(46)}` }), accepted: true, source: SEEN_SUFFIX },
  { rule: "a suffix begins with a letter", path: APP, body: template({ revisionSuffix: "2nd" }), refused: suffix("2nd"), source: SEEN_SUFFIX },
  { rule: "a suffix has no two hyphens in a row", path: APP, body: template({ revisionSuffix: "a--b" }), refused: suffix("a--b"), source: SEEN_SUFFIX },
  { rule: "a container is stopped within 600 seconds", path: APP, body: template({ terminationGracePeriodSeconds: 601 }), refused: { code: "ContainerAppInvalidPropertyValue", message: /terminationGracePeriodSeconds/ }, source: "rule: API reference; text assumed" },
  { rule: "a readiness probe asks for at most 10 successes", path: APP, body: probed("Readiness", { successThreshold: 11 }), refused: probeRange("SuccessThreshold", 1, 10), source: LIKE_PROBE },
  { rule: "a readiness probe asks for one success at least", path: APP, body: probed("Readiness", { successThreshold: 0 }), refused: probeRange("SuccessThreshold", 1, 10), source: LIKE_PROBE },
  { rule: "a probe's port is at least 1", path: APP, body: probed("Liveness", { httpGet: { port: 0 } }), refused: probeRange("Port", 1, 65535), source: "assumed" },
  { rule: "a probe's port is at most 65535", path: APP, body: probed("Liveness", { httpGet: { port: 65536 } }), refused: probeRange("Port", 1, 65535), source: "assumed" },
  { rule: "a probe's scheme is HTTP or HTTPS", path: APP, body: probed("Liveness", { httpGet: { port: 8000, scheme: "FTP" } }), refused: { code: "ContainerAppInvalidSchema", message: /probes\.httpGet\.scheme/ }, source: "rule: API reference, Scheme; code assumed" },
  { rule: "a container has a name", path: APP, body: container({ name: null }), refused: { code: "ContainerAppInvalidPropertyValue", message: /^Property 'containers\.name' has an invalid value ''\./ }, source: "rule: API reference, Container; code assumed" },
  ...[undefined, "", "A=B"].map((name): Rule => ({ rule: `a variable is not called '${name}'`, path: APP, body: container({ env: [{ name, value: "x" }] }), refused: { code: "ContainerAppInvalidPropertyValue", message: /containers\.env\.name/ }, source: "assumed" })),
  { rule: "more than no cores are asked for", path: APP, body: sized(0, "0.5Gi"), refused: { code: "ContainerAppInvalidPropertyValue", message: /^Property 'resources\.cpu' has an invalid value '0'\./ }, source: "assumed" },
  { rule: "cores have two decimals at most", path: APP, body: sized(0.255, "0.5Gi"), refused: { code: "ContainerAppInvalidPropertyValue", message: /^Property 'resources\.cpu' has an invalid value '0\.255'\./ }, source: "rule: API reference, ContainerResources; text assumed" },
  { rule: "a scale rule has a name", path: APP, body: scaled({ rules: [{ http: {} }] }), refused: { code: "ContainerAppInvalidPropertyValue", message: /^Property 'rules\.name' has an invalid value ''\./ }, source: "rule: API reference, ScaleRule; code as for capitals" },
  { rule: "names of scale rules are unique", path: APP, body: scaled({ rules: [1, 2].map(() => ({ name: "http", http: {} })) }), refused: { code: "InvalidRequestParameterWithDetails", message: "The scale rule name 'http' is given twice. Names of scale rules must be unique." }, source: "assumed" },
  { rule: "a scale rule goes by something", path: APP, body: scaled({ rules: [{ name: "http" }] }), refused: { code: "ContainerAppInvalidSchema", message: /Path: \$\.properties\.template\.scale\.rules\. / }, source: "assumed" },
  { rule: "a container is not stopped before its time", path: APP, body: template({ terminationGracePeriodSeconds: -1 }), refused: { code: "ContainerAppInvalidPropertyValue", message: /terminationGracePeriodSeconds/ }, source: "rule: API reference; text assumed" },
];
