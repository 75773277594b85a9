import { ArmError } from "../errors.ts";
import { isEmpty, objectsOf, present, type JsonObject } from "../json.ts";
import { storageNotFound } from "../managed-environment-storages/lookup.ts";
import { DEFAULT_STORAGE_TYPE, OTHER_STORAGE_TYPES, RESERVED_VOLUME_NAME, STORAGE_TYPES, VOLUME_NAME } from "./constants.ts";
import { invalidParameter, invalidSchema, invalidValue } from "./errors.ts";

/** The volumes of a template; `hasStorage` tells whether the environment has a storage of that name. */
export function acceptVolumes(volumes: unknown, secretNames: Set<string>, hasStorage: (name: string) => boolean): JsonObject[] | undefined {
  const given = objectsOf(volumes);
  if (given.length === 0) return undefined;
  const names = new Set<string>();
  return given.map((volume, index) => {
    const name = checkName(volume["name"], names);
    const storageType = checkType(volume["storageType"], index);
    if (storageType === "AzureFile") {
      const storageName = String(volume["storageName"] ?? "");
      if (storageName === "") throw invalidParameter(`The volume '${name}' of the storage type AzureFile must have a storageName.`);
      if (!hasStorage(storageName)) throw storageNotFound(storageName);
      return present({ name, storageType, storageName, mountOptions: volume["mountOptions"] });
    }
    return present({ name, storageType, ...(storageType === "Secret" && { secrets: acceptSecretItems(volume["secrets"], name, secretNames) }) });
  });
}

/** What a container mounts of the template's volumes. */
export function acceptVolumeMounts(volumeMounts: unknown, volumes: JsonObject[] | undefined, app: string): JsonObject[] | undefined {
  const given = objectsOf(volumeMounts);
  if (given.length === 0) return undefined;
  const paths = new Set<string>();
  return given.map(({ volumeName, mountPath }) => {
    if (!volumes?.some(({ name }) => name === volumeName)) {
      throw new ArmError("ContainerAppInvalidVolumeMount", `Invalid Request: Volume '${volumeName ?? ""}' to mount doesn't defined in the Container App '${app}'.`);
    }
    const path = checkMountPath(mountPath, String(volumeName));
    if (paths.has(path)) throw invalidParameter(`The mountPath '${path}' is given twice. Mount paths of a container must be unique.`);
    paths.add(path);
    return { volumeName, mountPath };
  });
}

function checkName(value: unknown, taken: Set<string>): string {
  if (typeof value !== "string" || !VOLUME_NAME.test(value)) {
    throw invalidValue("volumes.name", value, "A value must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character.");
  }
  if (taken.has(value) || value === RESERVED_VOLUME_NAME) throw invalidParameter(`The volume name '${value}' is given twice. Names of volumes must be unique.`);
  taken.add(value);
  return value;
}

function checkType(value: unknown, index: number): string {
  const asked = isEmpty(value) ? DEFAULT_STORAGE_TYPE : String(value);
  const type = [...STORAGE_TYPES, ...OTHER_STORAGE_TYPES].find((each) => each.toLowerCase() === asked.toLowerCase());
  if (!type) throw invalidSchema(`$.properties.template.volumes[${index}].storageType`);
  return type;
}

/** None: all secrets of the app, each under its name (API reference, Volume). */
function acceptSecretItems(secrets: unknown, volume: string, secretNames: Set<string>): JsonObject[] | undefined {
  const given = objectsOf(secrets);
  if (given.length === 0) return undefined;
  const paths = new Set<string>();
  return given.map(({ secretRef, path }) => {
    if (!secretNames.has(String(secretRef))) {
      throw new ArmError("ContainerAppSecretRefNotFound", `SecretRef '${secretRef ?? ""}' defined for volume '${volume}' not found.`);
    }
    const file = String(isEmpty(path) ? secretRef : path);
    if (file.split("/").some((part) => part === "" || part === "." || part === "..") || file.includes("\0")) {
      throw invalidValue("volumes.secrets.path", path, "A value must be a relative path without '..'.");
    }
    if (paths.has(file)) throw invalidParameter(`The path '${file}' is given twice in the volume '${volume}'. Paths of secrets must be unique.`);
    paths.add(file);
    return present({ secretRef, path });
  });
}

/** Azure's refusal, seen for `/`; that a path is absolute is Kubernetes' and the engine's rule. */
function checkMountPath(value: unknown, volume: string): string {
  const path = typeof value === "string" ? value : "";
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (path.startsWith("/") && parts.length > 0 && !parts.includes("..") && !/[:\0]/.test(path)) return `/${parts.join("/")}`;
  throw new ArmError(
    "ContainerAppInvalidMountPath",
    `Invalid Request: Invalid mount path was given. mountPath is required when mounting volume '${volume}'. mountPath must not contain ':'.`,
  );
}
