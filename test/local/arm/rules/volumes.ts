import type { JsonObject } from "../../../../local/arm/json.ts";
import type { World } from "../../../support/arm-world.ts";
import { appWithContainer, ENVIRONMENT } from "../../../support/platform-bodies.ts";
import { storageBody } from "./managed-environment-storages.ts";
import type { Rule } from "./rule.ts";

const APP = "Microsoft.App/containerApps/weather";
const given = [{ path: `${ENVIRONMENT}/storages/data`, body: storageBody() }];
const DATA = { name: "data", storageType: "AzureFile", storageName: "data" };
const MOUNT = { volumeName: "data", mountPath: "/data" };
const SECRETS = { configuration: { secrets: [{ name: "key", value: "x" }, { name: "token", value: "y" }] } };
const volumes = (list: JsonObject[], mounts: JsonObject[] = [], more: JsonObject = {}) => (world: World) => appWithContainer(world, { volumeMounts: mounts }, { properties: { template: { volumes: list }, ...more } });
const mounted = (change: JsonObject) => volumes([DATA], [{ ...MOUNT, ...change }]);

const parameter = (message: string) => ({ code: "InvalidRequestParameterWithDetails", message });
const schema = (path: string) => ({ code: "ContainerAppInvalidSchema", message: `Invalid request body for container app. Path: ${path}. Does not conform to Container App schema, please visit for more information https://docs.microsoft.com/azure/container-apps/azure-resource-manager-api-spec?tabs=arm-template#container-app` });
const mountPath = { code: "ContainerAppInvalidMountPath", message: "Invalid Request: Invalid mount path was given. mountPath is required when mounting volume 'data'. mountPath must not contain ':'." };
const SEEN_PATH = "hashicorp/terraform-provider-azurerm issue 29419";
const volumeName = (name: string) => ({ code: "ContainerAppInvalidPropertyValue", message: `Property 'volumes.name' has an invalid value '${name}'. A value must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character.` });
const NAMES = "rule: MicrosoftDocs/azure-docs issue 123092, where the revision failed; refusal at the PUT and text assumed";
const secretPath = (path: string) => ({ code: "ContainerAppInvalidPropertyValue", message: `Property 'volumes.secrets.path' has an invalid value '${path}'. A value must be a relative path without '..'.` });

export const volumeRules: Rule[] = [
  { rule: "a share is mounted", path: APP, given, body: mounted({}), accepted: { properties: { template: { volumes: [DATA], containers: [{ volumeMounts: [MOUNT] }] } } }, source: "Azure docs, storage mounts" },
  { rule: "mount options are kept", path: APP, given, body: volumes([{ ...DATA, mountOptions: "uid=1000,gid=1000,nobrl" }]), accepted: { properties: { template: { volumes: [{ mountOptions: "uid=1000,gid=1000,nobrl" }] } } }, source: "API reference, Volume" },
  { rule: "a volume is an EmptyDir unless it says what it is", path: APP, body: volumes([{ name: "scratch" }], [{ volumeName: "scratch", mountPath: "/scratch" }]), accepted: { properties: { template: { volumes: [{ name: "scratch", storageType: "EmptyDir" }] } } }, source: "API reference, Volume" },
  { rule: "a volume that nobody mounts is accepted", path: APP, body: volumes([{ name: "scratch", storageType: "EmptyDir" }]), accepted: true, source: "assumed" },
  { rule: "a storage must be in the environment", path: APP, body: volumes([DATA]), refused: { code: "ManagedEnvironmentStorageNotFound", message: "ManagedEnvironment Storage 'data' was not found." }, source: "seen; an older text: DFE-Digital/terraform-azurerm-container-apps-hosting pull request 281; status assumed" },
  { rule: "a share needs the name of its storage", path: APP, body: volumes([{ name: "data", storageType: "AzureFile" }]), refused: parameter("The volume 'data' of the storage type AzureFile must have a storageName."), source: "assumed" },
  { rule: "a storage type is one that Azure has", path: APP, body: volumes([{ name: "data", storageType: "Blob" }]), refused: schema("$.properties.template.volumes[0].storageType"), source: "form: microsoft/azure-container-apps issue 436" },
  { rule: "a volume's name has no dot", path: APP, body: volumes([{ name: "data.json" }]), refused: volumeName("data.json"), source: NAMES },
  { rule: "a volume has a name", path: APP, body: volumes([{ storageType: "EmptyDir" }]), refused: volumeName(""), source: NAMES },
  { rule: "names of volumes are unique", path: APP, body: volumes([{ name: "one" }, { name: "one" }]), refused: parameter("The volume name 'one' is given twice. Names of volumes must be unique."), source: "assumed" },
  { rule: "the ingress has a volume of its own", path: APP, body: volumes([{ name: "envoy-config" }]), refused: parameter("The volume name 'envoy-config' is given twice. Names of volumes must be unique."), source: "rule: microsoft/azure-container-apps issue 1576, where the revision failed; refusal at the PUT and text assumed" },
  { rule: "volumes are a list", path: APP, body: (world) => appWithContainer(world, {}, { properties: { template: { volumes: { name: "data" } } } }), refused: schema("$.properties.template.volumes"), source: "form: microsoft/azure-container-apps issue 436" },

  { rule: "a container mounts volumes of its app", path: APP, given, body: mounted({ volumeName: "none" }), refused: { code: "ContainerAppInvalidVolumeMount", message: "Invalid Request: Volume 'none' to mount doesn't defined in the Container App 'weather'." }, source: "MicrosoftDocs/azure-docs issue 103756" },
  { rule: "a volume is not mounted at the root", path: APP, given, body: mounted({ mountPath: "/" }), refused: mountPath, source: SEEN_PATH },
  { rule: "a mount has a path", path: APP, given, body: mounted({ mountPath: null }), refused: mountPath, source: SEEN_PATH },
  { rule: "a mount path has no colon", path: APP, given, body: mounted({ mountPath: "/da:ta" }), refused: mountPath, source: SEEN_PATH },
  { rule: "a mount path is absolute", path: APP, given, body: mounted({ mountPath: "data" }), refused: mountPath, source: "assumed, after the same issue" },
  { rule: "a mount path does not climb", path: APP, given, body: mounted({ mountPath: "/data/../etc" }), refused: mountPath, source: "assumed, after the same issue" },
  { rule: "mount paths of a container are unique", path: APP, given, body: volumes([DATA, { name: "scratch" }], [MOUNT, { volumeName: "scratch", mountPath: "/data/" }]), refused: parameter("The mountPath '/data' is given twice. Mount paths of a container must be unique."), source: "rule: Kubernetes; text assumed" },
  { rule: "a volume may be mounted twice", path: APP, given, body: volumes([DATA], [MOUNT, { volumeName: "data", mountPath: "/more" }]), accepted: true, source: "Kubernetes" },

  { rule: "a Secret volume has what it names", path: APP, body: volumes([{ name: "keys", storageType: "Secret", secrets: [{ secretRef: "key", path: "api/key.txt" }, { secretRef: "token" }] }], [], SECRETS), accepted: { properties: { template: { volumes: [{ storageType: "Secret", secrets: [{ secretRef: "key", path: "api/key.txt" }, { secretRef: "token" }] }] } } }, source: "API reference, SecretVolumeItem" },
  { rule: "a Secret volume that names none has all", path: APP, body: volumes([{ name: "keys", storageType: "Secret" }], [], SECRETS), accepted: true, source: "API reference, Volume" },
  { rule: "a Secret volume names secrets of the app", path: APP, body: volumes([{ name: "keys", storageType: "Secret", secrets: [{ secretRef: "none" }] }], [], SECRETS), refused: { code: "ContainerAppSecretRefNotFound", message: "SecretRef 'none' defined for volume 'keys' not found." }, source: "after ContainerAppSecretRefNotFound of a container; text assumed" },
  { rule: "a secret's path stays in its volume", path: APP, body: volumes([{ name: "keys", storageType: "Secret", secrets: [{ secretRef: "key", path: "../key" }] }], [], SECRETS), refused: secretPath("../key"), source: "rule: Kubernetes; text assumed" },
  { rule: "a secret's path is relative", path: APP, body: volumes([{ name: "keys", storageType: "Secret", secrets: [{ secretRef: "key", path: "/key" }] }], [], SECRETS), refused: secretPath("/key"), source: "rule: Kubernetes; text assumed" },
  { rule: "a secret's path has no NUL", path: APP, body: volumes([{ name: "keys", storageType: "Secret", secrets: [{ secretRef: "key", path: "a\0b" }] }], [], SECRETS), refused: secretPath("a\0b"), source: "rule: POSIX; text assumed" },
  { rule: "paths of secrets are unique", path: APP, body: volumes([{ name: "keys", storageType: "Secret", secrets: [{ secretRef: "key", path: "token" }, { secretRef: "token" }] }], [], SECRETS), refused: parameter("The path 'token' is given twice in the volume 'keys'. Paths of secrets must be unique."), source: "assumed" },
];
