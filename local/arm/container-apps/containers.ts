import { ArmError } from "../errors.ts";
import { isEmpty, objectOf, objectsOf, present, type JsonObject } from "../json.ts";
import { CONTAINER_NAME, EPHEMERAL_STORAGE_GIB } from "./constants.ts";
import { invalidParameter, invalidValue } from "./errors.ts";
import { acceptProbes } from "./probes.ts";
import { acceptTotal, coresOf, memoryGibOf } from "./resources.ts";

/** The containers of a template, with defaults; `secretNames` are what `secretRef` may name, `mountsOf` accepts what one mounts. */
export function acceptContainers(
  containers: unknown,
  secretNames: Set<string>,
  maxCores: number,
  mountsOf: (volumeMounts: unknown) => JsonObject[] | undefined,
): JsonObject[] {
  const given = objectsOf(containers);
  if (given.length === 0) {
    throw new ArmError("ContainerAppCreateMustContainContainer", "A container app must contain at least one container.");
  }
  const names = new Set<string>();
  const accepted = given.map((container) => {
    const name = checkName(container["name"], names);
    if (isEmpty(container["image"])) {
      throw new ArmError("ContainerAppImageRequired", `Container with name '${name}' must have an 'Image' property specified.`);
    }
    const resources = objectOf(container["resources"]);
    const cores = coresOf(resources["cpu"]);
    const gib = memoryGibOf(resources["memory"], cores);
    return {
      cores,
      gib,
      container: present({
        image: container["image"],
        imageType: "ContainerImage",
        name,
        command: container["command"],
        args: container["args"],
        env: acceptEnvironmentVariables(container["env"], name, secretNames),
        resources: { cpu: cores, memory: resources["memory"] ?? `${gib}Gi`, ephemeralStorage: ephemeralStorage(cores) },
        probes: acceptProbes(container["probes"], name),
        volumeMounts: mountsOf(container["volumeMounts"]),
      }),
    };
  });
  acceptTotal(accepted, maxCores);
  return accepted.map(({ container }) => container);
}

function checkName(value: unknown, taken: Set<string>): string {
  if (typeof value !== "string" || !CONTAINER_NAME.test(value)) {
    throw invalidValue(
      "containers.name",
      value,
      "A value must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character.",
    );
  }
  if (taken.has(value)) throw invalidParameter(`The container name '${value}' is given twice. Names of containers must be unique.`);
  taken.add(value);
  return value;
}

function acceptEnvironmentVariables(variables: unknown, container: string, secretNames: Set<string>): JsonObject[] | undefined {
  const given = objectsOf(variables);
  if (given.length === 0) return undefined;
  return given.map(({ name, value, secretRef }) => {
    if (typeof name !== "string" || name === "" || name.includes("=")) {
      throw invalidValue("containers.env.name", name, "A value must not be empty and must not contain '='.");
    }
    if (isEmpty(secretRef)) return present({ name, value });
    if (!secretNames.has(String(secretRef))) {
      throw new ArmError("ContainerAppSecretRefNotFound", `SecretRef '${secretRef}' defined for container '${container}' not found.`);
    }
    return { name, secretRef };
  });
}

function ephemeralStorage(cores: number): string {
  const { gib } = EPHEMERAL_STORAGE_GIB.find(({ upToCores }) => cores <= upToCores)!;
  return `${gib}Gi`;
}
