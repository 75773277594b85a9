import * as pulumi from "@pulumi/pulumi";
import { ContainerApp } from "@pulumi/azure-native/app/containerApp.js";
import type { app } from "@pulumi/azure-native/types/input.js";
import { FIXED_NAME } from "./fixed-name.ts";
import { DEFAULT_GROUP } from "../recipes/names.ts";
import type { Access } from "../recipes/runtimes.ts";
import { appName, claimOf, endpointUrl, tagsOf } from "./naming.ts";
import { probesOf } from "./probes.ts";
import { explainRefusedPull } from "./pull-refusal.ts";
import { retryWhatWasRefused } from "./refusals.ts";
import { CONSUMPTION } from "./tool-environment.ts";
import { ToolImage } from "./tool-image.ts";
import type { ToolImageArgs } from "./tool-image.ts";
import { secretName } from "./tool-secrets.ts";
import { TOOL_DEFAULTS } from "./tool-settings.ts";
import type { ToolSettings } from "./tool-settings.ts";

/** The container's name in its app. */
export const CONTAINER = "tool";

export interface ToolServerArgs extends Omit<ToolImageArgs, "repository">, Partial<ToolSettings> {
  /** Group that the tool belongs to. A change replaces the app, and so its address. @default "tools" */
  group?: string;
  /** Environment variables beside PORT. @default none */
  environment?: Record<string, string>;
  /** Environment variables whose values are secrets of the app. A change of a value alone starts no new revision. @default none */
  secrets?: Record<string, string>;
  /** Tags of the app beside the program's own. @default none */
  tags?: Record<string, string>;
  /** What the container runs, an argument an element. @default what the image says */
  command?: string[];
  /** Where the app is made. A change replaces it. */
  resourceGroupName: pulumi.Input<string>;
  /** The environment's region. A change replaces the app. */
  location?: pulumi.Input<string>;
  /** A change replaces the app, and so its address. */
  environmentId: pulumi.Input<string>;
  /** Login server of the registry that the image is in. */
  loginServer: pulumi.Input<string>;
  /** Identity that pulls the image. The tool itself cannot use it. */
  identityId: pulumi.Input<string>;
  /** Azure's names of the environment's storages, by the names in `volumes`. */
  storages?: pulumi.Input<Record<string, string>>;
  /** Port of the environment's ingress; Azure's is always 443. @default 443 */
  ingressPort?: number;
  /** What has to be there before the app: the identity's right to pull. */
  readiness?: pulumi.Resource[];
}

/** A tool as an HTTPS endpoint: its image, and the container app that runs it. */
export class ToolServer extends pulumi.ComponentResource {
  /** Host name of the endpoint. */
  readonly fqdn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  /** Digest reference of the image that the app was given. */
  readonly image: pulumi.Output<string>;
  /** Tag that the image was built as; see `ToolImage`. */
  readonly builtName: pulumi.Output<string>;
  /** The ready revision as the engine last saw it. */
  readonly revision: pulumi.Output<string>;

  constructor(name: string, args: ToolServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("toolwharf:index:ToolServer", name, {}, opts);
    const group = args.group ?? DEFAULT_GROUP;
    const claim = claimOf(group, name);
    const image = new ToolImage(name, { ...args, repository: claim }, { parent: this });
    this.image = image.reference;
    this.builtName = image.builtName;

    const app = new ContainerApp(
      `${name}-app`,
      {
        containerAppName: appName(group, name),
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        environmentId: args.environmentId,
        workloadProfileName: CONSUMPTION,
        identity: { type: "UserAssigned", userAssignedIdentities: [args.identityId] },
        configuration: configurationOf(args),
        template: templateOf(args, this.image),
        tags: { ...args.tags, ...tagsOf(pulumi.getStack(), claim) },
      },
      {
        parent: this,
        ...FIXED_NAME,
        dependsOn: args.readiness,
        hooks: { onError: [retryWhatWasRefused(), explainRefusedPull(args.registryPermissions ?? "legacy")] },
        // Azure itself gives up on a revision after 15 minutes ("Operation expired").
        customTimeouts: { create: "20m", update: "20m" },
      },
    );
    // Secrets of the app make all of its configuration one; an address is none.
    this.fqdn = pulumi.unsecret(app.configuration).apply((configuration) => configuration?.ingress?.fqdn ?? "");
    this.url = this.fqdn.apply((fqdn) => endpointUrl(fqdn, args.ingressPort));
    this.revision = app.latestReadyRevisionName;
    this.registerOutputs({ fqdn: this.fqdn, url: this.url, image: this.image, revision: this.revision });
  }
}

function configurationOf(args: ToolServerArgs): app.ConfigurationArgs {
  const access: Access = args.access ?? TOOL_DEFAULTS.access;
  return {
    activeRevisionsMode: "Single",
    ingress: {
      external: access !== "internal",
      targetPort: args.targetPort ?? TOOL_DEFAULTS.targetPort,
      transport: "auto",
      allowInsecure: false,
      ...(access === "ip-list" && {
        ipSecurityRestrictions: (args.allowedIps ?? []).map((range, index) => ({ name: `allowed-${index + 1}`, ipAddressRange: range.includes("/") ? range : `${range}/32`, action: "Allow" })),
      }),
    },
    ...(Object.keys(args.secrets ?? {}).length > 0 && { secrets: Object.entries(args.secrets!).map(([variable, value]) => ({ name: secretName(variable), value: pulumi.secret(value) })) }),
    registries: [{ server: args.loginServer, identity: args.identityId }],
    // A container would otherwise get tokens of the identity that pulls.
    identitySettings: [{ identity: args.identityId, lifecycle: "None" }],
  };
}

function templateOf(args: ToolServerArgs, image: pulumi.Input<string>): app.TemplateArgs {
  const settings = { ...TOOL_DEFAULTS, ...withoutUndefined(args) };
  return {
    containers: [
      {
        name: CONTAINER,
        image,
        ...(settings.volumes.length > 0 && { volumeMounts: settings.volumes.map(({ storage, mountPath }) => ({ volumeName: storage, mountPath })) }),
        ...(args.command && { command: args.command }),
        env: environmentOf(args, settings.targetPort),
        resources: { cpu: settings.cpu, memory: settings.memory },
        probes: probesOf({ port: settings.targetPort, path: settings.healthPath, startupSeconds: settings.startupSeconds }),
      },
    ],
    scale: {
      minReplicas: settings.minReplicas,
      maxReplicas: settings.maxReplicas,
      rules: [{ name: "http", http: { metadata: { concurrentRequests: String(settings.concurrentRequests) } } }],
    },
    ...(settings.volumes.length > 0 && { volumes: volumesOf(settings.volumes, args.storages) }),
  };
}

function environmentOf({ environment = {}, secrets = {} }: ToolServerArgs, port: number): app.EnvironmentVarArgs[] {
  return [
    { name: "PORT", value: String(port) },
    ...Object.entries(environment).filter(([name]) => !Object.hasOwn(secrets, name)).map(([name, value]) => ({ name, value })),
    ...Object.keys(secrets).map((name) => ({ name, secretRef: secretName(name) })),
  ];
}

/** One for each storage, however often it is mounted. */
function volumesOf(volumes: ToolSettings["volumes"], storages: ToolServerArgs["storages"]): app.VolumeArgs[] {
  const names = pulumi.output(storages ?? {});
  return [...new Set(volumes.map(({ storage }) => storage))].map((storage) => ({ name: storage, storageType: "AzureFile", storageName: names.apply((known) => known[storage]!) }));
}

function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
