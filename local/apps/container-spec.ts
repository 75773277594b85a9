import type { ArmDocument } from "../arm/hosts.ts";
import type { Membership } from "../environments/environment-host.ts";
import { LABELS } from "../labels.ts";
import type { ContainerSpec } from "./engine.ts";
import { environmentVariables } from "./environment-variables.ts";
import { containerName } from "./names.ts";
import type { Plan } from "./template.ts";
import { volumeSpecs, type ShareOf } from "./volumes.ts";

/** The container of one replica. @throws ArmError when a secret or a storage that it refers to is missing */
export function containerSpec(options: { instance: string; app: ArmDocument; plan: Plan; revision: string; replica: string; domain: string; membership: Membership; shareOf: ShareOf }): ContainerSpec {
  const { instance, app, plan, revision, replica, membership } = options;
  const { image, command, args, cpus, memoryBytes } = plan.container;
  return {
    name: containerName(instance, replica),
    image,
    labels: { [LABELS.app]: app.id, [LABELS.revision]: revision, [LABELS.replica]: replica },
    env: environmentVariables(options),
    command,
    args,
    membership,
    ports: plan.ports,
    cpus,
    memoryBytes,
    volumes: volumeSpecs(options),
  };
}
