/**
 * What the ARM services ask of the machine below them. ARM validates, stores and answers;
 * a host makes the thing real: a registry that takes pushes, a network, running containers.
 * Every method converges: called again with the same argument it finds what is there.
 */

/** A JSON document as ARM stores and returns it: `id`, `name`, `type`, `location`, `tags`, `properties`, ... */
export interface ArmDocument {
  id: string;
  name: string;
  type: string;
  location?: string;
  tags?: Record<string, string>;
  identity?: {
    type: string;
    userAssignedIdentities?: Record<string, { clientId?: string; principalId?: string }>;
  };
  sku?: { name: string; tier?: string };
  properties: Record<string, unknown>;
  systemData?: Record<string, unknown>;
  [other: string]: unknown;
}

/** Serves one OCI registry for each `Microsoft.ContainerRegistry/registries` document. */
export interface RegistryHost {
  /** Starts (or finds) the registry's storage and front. Answers its login server, `localhost:<port>`; the port never changes for an id. */
  start(registry: ArmDocument): Promise<{ loginServer: string }>;
  /** Stops it and deletes its content. */
  remove(registryId: string): Promise<void>;
}

/** Gives a managed environment its network and names. */
export interface EnvironmentHost {
  /** `defaultDomain` is `<word><word>-<8 hex>.<location>.azurecontainerapps.localhost`, chosen once. */
  start(environment: ArmDocument): Promise<{ defaultDomain: string; staticIp: string }>;
  remove(environmentId: string): Promise<void>;
}

/** What the running side knows of an app; merged into the app's `properties` at every read. */
export interface AppStatus {
  latestRevisionName?: string;
  latestReadyRevisionName?: string;
  latestRevisionFqdn?: string;
  runningStatus: "Progressing" | "Running" | "Stopped" | "Suspended" | "Ready";
}

/** Runs container apps: revisions, replicas, probes, scale and traffic. */
export interface AppHost {
  /**
   * Makes the running side agree with the (already validated and stored) app. A changed `properties.template`
   * makes a new revision; anything else does not. Resolves when the revision's images are admitted and pulled and
   * its first replica is started; readiness comes later and moves the traffic.
   * @throws ArmError `ContainerAppOperationError` and the like, with Azure's texts; no revision is made then.
   */
  apply(app: ArmDocument): Promise<void>;
  remove(appId: string): Promise<void>;
  status(appId: string): AppStatus;
  /** Documents of type `Microsoft.App/containerApps/revisions`, newest last. */
  revisions(appId: string): ArmDocument[];
  /** Documents of type `Microsoft.App/containerApps/revisions/replicas`. */
  replicas(appId: string, revisionName: string): ArmDocument[];
  /** Console log of one replica's container, oldest line first; `tailLines` 1 to 300, default 20. Survives the container's death. */
  logs(appId: string, revisionName: string, replicaName: string, container: string, tailLines?: number): Promise<string>;
  /**
   * The same, and then what the replica goes on to write, across restarts of its container; ends when the replica is gone or `signal`
   * is aborted. Nothing is read ahead of who reads it.
   */
  followLogs(appId: string, revisionName: string, replicaName: string, container: string, tailLines: number, signal: AbortSignal): AsyncIterable<Buffer>;
  activateRevision(appId: string, revisionName: string): Promise<void>;
  deactivateRevision(appId: string, revisionName: string): Promise<void>;
  restartRevision(appId: string, revisionName: string): Promise<void>;
}

/** Leads requests at environments' own addresses to apps, by path. */
export interface HttpRouteHost {
  /** From the next request on. @param config of type `Microsoft.App/managedEnvironments/httpRouteConfigs`, validated, with its `fqdn` */
  apply(config: ArmDocument): void;
  remove(configId: string): void;
}

export interface Hosts {
  registries: RegistryHost;
  environments: EnvironmentHost;
  apps: AppHost;
  httpRoutes: HttpRouteHost;
}
