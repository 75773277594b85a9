import { requireLinkedAction } from "../authorization/require.ts";
import type { StoredResource } from "../documents.ts";
import { ArmError } from "../errors.ts";
import type { ArmDocument } from "../hosts.ts";
import { isAbsent, isEmpty, objectOf, objectsOf, present, type JsonObject } from "../json.ts";
import { azureFileOf } from "../managed-environment-storages/lookup.ts";
import { CONSUMPTION, MANAGED_ENVIRONMENTS } from "../managed-environments/constants.ts";
import { requireProvisioned } from "../managed-environments/provisioned.ts";
import { parseResourceId, sameId, typeOf } from "../resource-id.ts";
import type { Accepted, Call, Desired } from "../service.ts";
import {
  APP_NAME,
  CONTAINER_APPS,
  DEFAULT_MAX_INACTIVE_REVISIONS,
  MAX_CORES_CONSUMPTION_ONLY,
  MAX_CORES_CONSUMPTION_PROFILE,
  MAX_TERMINATION_GRACE_SECONDS,
} from "./constants.ts";
import { acceptContainers } from "./containers.ts";
import { invalidParameter, invalidSchema, invalidValue } from "./errors.ts";
import { acceptIdentity, acceptIdentitySettings } from "./identity.ts";
import { acceptIngress, type RevisionsMode } from "./ingress.ts";
import { acceptRegistries } from "./registries.ts";
import { acceptScale } from "./scale.ts";
import { acceptSecrets } from "./secrets.ts";
import { checkShape } from "./shape.ts";
import { checkRevisionSuffix, type TrafficTargets } from "./traffic.ts";
import { acceptVolumeMounts, acceptVolumes } from "./volumes.ts";

const MODES: RevisionsMode[] = ["Single", "Multiple", "Labels"];

/** What Azure checks while the PUT waits; images, and whether the app starts, come later, in the operation. */
export function acceptApp(desired: Desired, call: Call, existing: StoredResource | undefined): Accepted {
  checkName(desired.name);
  checkShape(desired.properties);
  const { properties } = desired;
  const configuration = objectOf(properties["configuration"]);
  const template = objectOf(properties["template"]);

  const environment = findEnvironment(properties, call, existing?.document);
  const identity = acceptIdentity(desired.identity, desired.id, call.context.documents);
  checkLinks(call, desired.id, environment.id, identity);
  const workloadProfileName = checkProfile(properties["workloadProfileName"], environment);

  const mode = checkMode(configuration["activeRevisionsMode"]);
  const secrets = acceptSecrets(configuration["secrets"]);
  const registries = acceptRegistries(configuration["registries"], identity);
  const identitySettings = acceptIdentitySettings(configuration["identitySettings"], identity);
  const revisionSuffix = checkRevisionSuffix(template["revisionSuffix"], desired.name);
  const ingress = acceptIngress(configuration["ingress"], mode, targetsOf(desired.name, revisionSuffix, call, existing));
  checkFreeAddress(desired.name, environment, ingress, call);
  const maxCores = workloadProfileName === undefined ? MAX_CORES_CONSUMPTION_ONLY : MAX_CORES_CONSUMPTION_PROFILE;
  const secretNames = new Set(secrets?.map(({ name }) => name));
  const hasStorage = (name: string) => azureFileOf(call.context.documents, environment.id, name) !== undefined;
  const volumes = acceptVolumes(template["volumes"], secretNames, hasStorage);
  const containers = acceptContainers(template["containers"], secretNames, maxCores, (mounts) => acceptVolumeMounts(mounts, volumes, desired.name));
  const scale = acceptScale(template["scale"], desired.name);

  return {
    identity,
    properties: present({
      managedEnvironmentId: environment.id,
      environmentId: environment.id,
      workloadProfileName,
      configuration: present({
        activeRevisionsMode: mode,
        maxInactiveRevisions: checkInactive(configuration["maxInactiveRevisions"]),
        ingress,
        secrets,
        registries,
        identitySettings,
      }),
      template: present({
        revisionSuffix,
        terminationGracePeriodSeconds: checkGrace(template["terminationGracePeriodSeconds"]),
        containers,
        scale,
        volumes,
      }),
    }),
  };
}

/** Two things of one environment cannot have one address. */
function checkFreeAddress(name: string, environment: ArmDocument, ingress: JsonObject | undefined, { context }: Call): void {
  if (ingress?.["external"] !== true || !context.documents.get(`${environment.id}/httpRouteConfigs/${name}`)) return;
  throw invalidParameter(`The container app name '${name}' is invalid. An http route config of the environment '${environment.name}' has the same address.`);
}

/** Azure docs, blue-green deployment: the traffic may name the revision that the same request makes. */
function targetsOf(app: string, revisionSuffix: string, { context }: Call, existing: StoredResource | undefined): TrafficTargets {
  const known = existing ? context.hosts.apps.revisions(existing.document.id).map(({ name }) => name) : [];
  const ingress = objectOf(objectOf(existing?.document.properties["configuration"])["ingress"]);
  return { app, revisionNames: revisionSuffix ? [...known, `${app}--${revisionSuffix}`] : known, before: objectsOf(ingress["traffic"]) };
}

function checkName(name: string): void {
  if (APP_NAME.test(name)) return;
  throw new ArmError(
    "ContainerAppInvalidName",
    `Invalid ContainerApp name '${name}'. A name must consist of lower case alphanumeric characters or '-', start with an alphabetic character, ` +
      "and end with an alphanumeric character and cannot have '--'. The length must be between 2 and 32 characters inclusive.",
  );
}

function findEnvironment(properties: JsonObject, { context }: Call, existing: ArmDocument | undefined): ArmDocument {
  const asked = isEmpty(properties["environmentId"]) ? properties["managedEnvironmentId"] : properties["environmentId"];
  const id = String(asked ?? "");
  const parsed = parseResourceId(id);
  if (!parsed || typeOf(parsed).toLowerCase() !== MANAGED_ENVIRONMENTS.toLowerCase()) {
    throw new ArmError("InvalidManagedEnvironmentId", `Invalid ManagedEnvironmentId value '${id}'.`);
  }
  if (existing && !sameId(String(existing.properties["environmentId"]), id)) {
    throw new ArmError("PropertyChangeNotAllowed", "Changing property 'properties.managedEnvironmentId' is not allowed.", 409);
  }
  const environment = context.documents.get(id)?.document;
  if (!environment) throw new ArmError("ManagedEnvironmentNotFound", `The environment '${id}' was not found.`);
  requireProvisioned(environment);
  return environment;
}

/** ARM checks the ids that a resource refers to for the caller, so that an app cannot borrow an identity or an environment. */
function checkLinks(call: Call, id: string, environmentId: string, identity: ArmDocument["identity"]): void {
  const write = { action: `${CONTAINER_APPS}/write`, id };
  requireLinkedAction(call, write, `${MANAGED_ENVIRONMENTS}/join/action`, environmentId);
  for (const identityId of Object.keys(identity?.userAssignedIdentities ?? {})) {
    requireLinkedAction(call, write, "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", identityId);
  }
}

/** The profile's name in an environment that has profiles; undefined in one that has none. */
function checkProfile(name: unknown, environment: ArmDocument): string | undefined {
  const profiles = environment.properties["workloadProfiles"];
  if (!Array.isArray(profiles)) {
    if (isEmpty(name)) return undefined;
    throw invalidParameter(`The environment '${environment.name}' has no workload profiles, so the app cannot have the workloadProfileName '${name}'.`);
  }
  const wanted = isEmpty(name) ? CONSUMPTION : String(name);
  if (profiles.some((profile) => objectOf(profile)["name"] === wanted)) return wanted;
  throw invalidParameter(`The workload profile '${wanted}' does not exist in the environment '${environment.name}'.`);
}

function checkMode(mode: unknown): RevisionsMode {
  const known = MODES.find((each) => each.toLowerCase() === String(mode ?? "Single").toLowerCase());
  if (known) return known;
  throw invalidSchema("$.properties.configuration.activeRevisionsMode");
}

function checkInactive(count: unknown): number {
  if (isAbsent(count)) return DEFAULT_MAX_INACTIVE_REVISIONS;
  if (Number(count) >= 0 && Number(count) <= DEFAULT_MAX_INACTIVE_REVISIONS) return Number(count);
  throw invalidValue("maxInactiveRevisions", count, `A value must be in the range of [0,${DEFAULT_MAX_INACTIVE_REVISIONS}].`);
}

function checkGrace(seconds: unknown): number | undefined {
  if (isAbsent(seconds)) return undefined;
  if (Number(seconds) >= 0 && Number(seconds) <= MAX_TERMINATION_GRACE_SECONDS) return Number(seconds);
  throw invalidValue("terminationGracePeriodSeconds", seconds, `A value must be in the range of [0,${MAX_TERMINATION_GRACE_SECONDS}].`);
}
