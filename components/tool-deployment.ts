import * as pulumi from "@pulumi/pulumi";
import type { AzureSession } from "./azure-session.ts";
import { RegistryFailure } from "../azure/registry.ts";
import type { Registry } from "../azure/registry.ts";
import { RecipeError } from "../recipes/errors.ts";
import { folderTree } from "../recipes/folder-tree.ts";
import { essentialsOf } from "../recipes/manifest/essentials.ts";
import { DEFAULT_GROUP } from "../recipes/names.ts";
import { Failure } from "./failure.ts";
import { claimOf } from "./naming.ts";
import { taggingOf } from "./image-tagging.ts";
import { settled } from "./settled.ts";
import type { RegistryPermissions, ToolFolder } from "./settings.ts";
import { checkStorages } from "./tool-volumes.ts";
import { checkToolSecrets } from "./tool-secrets.ts";
import type { Platform } from "./tool-platform.ts";
import { ToolServer } from "./tool-server.ts";
import type { ToolSource } from "./tool-source.ts";

/** A tool with what its folder says of it. */
export interface DeployableTool extends ToolFolder {
  /** Undefined: its manifest cannot be read so far. */
  group: string | undefined;
}

/** A tool of this run: declared, or why it could not be. */
export type DeclaredTool = { tool: DeployableTool; server: ToolServer; imageName: string | undefined; tagImage?: (reference: string) => Promise<void> } | { tool: DeployableTool; problem: unknown };

export interface DeploymentOptions {
  platform: Platform;
  /** What apps wait for. */
  readiness: pulumi.Resource[];
  /** Absent in a preview. */
  azure?: AzureSession;
  /** Whether the registry is asked for images that nothing changed. */
  checkImages: boolean;
  ingressPort: number;
  /** Name of the platform stack, and of the storages that it has. */
  platformStack: string;
  storageNames: readonly string[];
  /** Tags of every image beside its content hash. */
  imageTags: readonly string[];
}

/**
 * Declares a tool. One that cannot be is not declared in this run, and its problem must then be raised: an engine whose
 * program fails deletes nothing, so the tool keeps its app, and the other tools are deployed all the same.
 */
export async function declareTool(tool: DeployableTool, source: PromiseSettledResult<ToolSource>, options: DeploymentOptions): Promise<DeclaredTool> {
  try {
    if (source.status === "rejected") throw source.reason;
    const { recipe, tag, secretNames, imageTags, settings, ...built } = source.value;
    checkStorages(tool.name, settings.volumes, options.storageNames, options.platformStack);
    checkToolSecrets(tool.name, secretNames, tool.secrets, pulumi.getStack());
    const { platform, readiness, ingressPort } = options;
    const group = tool.group ?? DEFAULT_GROUP;
    const repository = claimOf(group, tool.name);
    const push = await openRegistry(options, repository, tag);
    const server = new ToolServer(tool.name, {
      ...settings,
      ...built,
      group,
      secrets: tool.secrets,
      tag,
      command: recipe.command,
      resourceGroupName: platform.resourceGroupName,
      location: platform.location,
      environmentId: platform.environmentId,
      loginServer: platform.loginServer,
      registryPermissions: push.registryPermissions,
      identityId: platform.identityId,
      storages: platform.storages,
      readiness,
      ingressPort,
      password: push.password,
      missing: push.missing,
    });
    const tags = [...new Set([...options.imageTags, ...imageTags])];
    return { tool, server, imageName: push.imageName, ...(push.registry && tags.length > 0 && { tagImage: taggingOf(push.registry, repository, tags) }) };
  } catch (problem) {
    return { tool, problem: problem instanceof RecipeError ? notBuildable(tool, problem) : problem };
  }
}

/** The tool as its folder has it; without one that can be used, as it was set. */
export async function deployableTool(tool: ToolFolder, source: PromiseSettledResult<ToolSource>): Promise<DeployableTool> {
  const essentials = await essentialsOf(folderTree(tool.folder));
  if (source.status === "fulfilled") return { ...tool, settings: source.value.settings, group: essentials?.group };
  // Where nobody can tell who may reach it, nothing new is opened.
  const access = tool.own.access ?? (essentials ? (essentials.access ?? tool.settings.access) : "internal");
  return { ...tool, settings: { ...tool.settings, access }, group: essentials?.group };
}

/** An endpoint without a lock is said aloud. */
export function sayWhatIsPublic(tools: readonly ToolFolder[]): void {
  const open = tools.filter(({ settings }) => settings.access === "public").map(({ name }) => name);
  if (open.length > 0) void pulumi.log.info(`open to everybody: ${open.join(", ")} (toolwharf:access; internal and ip-list are the other values)`);
}

interface Push {
  registryPermissions: RegistryPermissions;
  imageName?: string;
  password?: string;
  missing?: boolean;
  registry?: Registry;
}

/** Password of the push, and whether the registry lacks the image; nothing of it in a preview. */
async function openRegistry({ platform, azure, checkImages }: DeploymentOptions, repository: string, tag: string): Promise<Push> {
  const where = await settled(pulumi.all([platform.loginServer, platform.registryId, platform.registryPermissions]));
  if (where.state === "failed") throw where.error;
  if (where.state === "unknown") return { registryPermissions: "legacy" };
  const [loginServer, registryId, registryPermissions] = where.value;
  const imageName = `${loginServer}/${repository}:${tag}`;
  if (!azure) return { registryPermissions, imageName };
  const { password, registry } = await azure.registry({ loginServer, registryId, registryPermissions });
  const missing = checkImages && (await registry.digestOf(repository, tag).catch(notAsked)) === undefined;
  return { registryPermissions, imageName, password, missing, registry };
}

/** Who may push but not pull cannot ask; the image is then taken to be there. */
function notAsked(error: unknown): string {
  if (error instanceof RegistryFailure && error.refused) return "unknown";
  throw new Failure("REGISTRY_UNREACHABLE", `the registry could not be asked for an image: ${(error as Error).message}`, {
    next: "check the network, then run the same command again",
  });
}

function notBuildable(tool: ToolFolder, { problems }: RecipeError): Failure {
  return new Failure("TOOL_NOT_BUILDABLE", `${tool.name}: ${tool.folder} cannot be made into an image`, {
    problems: problems.join("\n"),
    next: "mend the folder, then run the same command again; until then its app stays as it is",
  });
}
