import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { askEngine } from "../automation/engine.ts";
import { azureEnvironment } from "../automation/engine-environment.ts";
import type { Project } from "../automation/project.ts";
import { isMiniatureStack, platformOf, toolOf, toolStack } from "../automation/stack-names.ts";
import { summarize } from "../automation/stack-index.ts";
import { outputsOf, readDeployment } from "../automation/state-files.ts";
import { UserError } from "../automation/user-error.ts";
import { isToolName, TOOL_NAME_RULE } from "../recipes/names.ts";

/** Where a tool is deployed: in the platform's stack, as a part of it, or in a stack of its own. */
export interface ToolPlace {
  stack: string;
  /** `--target` arguments for the part; `[]` for a whole stack. */
  targets: string[];
}

interface PlatformConfig {
  toolsFolder: string;
  /** Whether every folder is deployed, as it is by default. */
  allTools: boolean;
}

/**
 * Finds the stack that a tool is (or will be) deployed in: the platform's if that has deployed it or deploys every
 * folder, else `<platform>.<tool>`.
 *
 * @throws UserError `TOOL_UNKNOWN`, `TOOL_STACK_MISMATCH`, `PLATFORM_MISSING`
 */
export async function placeOfTool(project: Project, stack: string, tool: string): Promise<ToolPlace> {
  checkStackOf(stack, tool);
  const platform = platformOf(stack);
  const config = await platformConfig(project, platform);
  checkToolFolder(project, config.toolsFolder, tool);
  if (toolOf(stack) === tool) return { stack, targets: [] };

  const outputs = await platformOutputs(project, platform);
  if (!outputs || !("platform" in outputs)) {
    throw new UserError("PLATFORM_MISSING", `the platform that ${tool} would be deployed on is not there yet`, {
      value: `stack ${platform}`,
      next: `toolwharf up --stack ${platform}`,
    });
  }
  const own = toolStack(platform, tool);
  if (isObject(outputs.tools) && Object.hasOwn(outputs.tools, tool)) return { stack: platform, targets: targetsOf(tool) };
  if (config.allTools && !ownsResources(project, own)) return { stack: platform, targets: targetsOf(tool) };
  return { stack: own, targets: [] };
}

/** A stack whose only run was refused owns nothing. */
function ownsResources(project: Project, stack: string): boolean {
  return isMiniatureStack(stack) && summarize(stack, readDeployment(project, stack) ?? {}).resources > 0;
}

/** The component, its image and its app, whatever they are in, and the path routes, which may lead to it; see "Resource names" in the components. */
export function targetsOf(tool: string): string[] {
  return [
    `toolwharf:index:ToolServer::${tool}`,
    `docker:index/image:Image::${tool}-image`,
    `azure-native:app:ContainerApp::${tool}-app`,
    "toolwharf:index:ToolRoutes::platform",
    "azure-native:app:HttpRouteConfig::platform-routes",
  ].flatMap((target) => ["--target", `**${target}`]);
}

/** `local.<tool>` or the platform's own name; anything else contradicts the argument. */
export function checkStackOf(stack: string, tool: string): void {
  if (!isToolName(tool)) {
    throw new UserError("TOOL_NAME_INVALID", "this is not a name for a tool", { value: tool, allowed: TOOL_NAME_RULE });
  }
  const other = toolOf(stack);
  if (other === undefined || other === tool) return;
  throw new UserError("TOOL_STACK_MISMATCH", `stack ${stack} is the stack of another tool`, {
    value: tool,
    allowed: `--stack ${platformOf(stack)}, or --stack ${toolStack(platformOf(stack), tool)}`,
  });
}

function checkToolFolder(project: Project, toolsFolder: string, tool: string): void {
  const folder = join(project.folder, toolsFolder);
  if (existsSync(join(folder, tool))) return;
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort()
    : [];
  throw new UserError("TOOL_UNKNOWN", `there is no folder of that name in ${toolsFolder}/`, {
    value: tool,
    allowed: names.length > 0 ? names.join(", ") : `none: ${toolsFolder}/ has no folder`,
  });
}

/** As committed, and on the miniature as it stands in the live settings. */
async function platformConfig(project: Project, platform: string): Promise<PlatformConfig> {
  const files = [join(project.stacks, `Pulumi.${platform}.yaml`), join(project.folder, `Pulumi.${platform}.yaml`)];
  const committed = files[1]!;
  const texts = (isMiniatureStack(platform) ? [...new Set(files)] : [committed]).filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
  const { parse } = await import("yaml");
  const settings = texts.map((text) => ((parse(text) as { config?: Record<string, unknown> } | null)?.config ?? {}));
  // The template first: a change in it has not reached the live settings yet.
  const config = { ...settings[0], ...settings[1] };
  return {
    toolsFolder: typeof config["toolwharf:toolsFolder"] === "string" ? config["toolwharf:toolsFolder"] : "tools",
    allTools: !Array.isArray(config["toolwharf:tools"]) || config["toolwharf:tools"].includes("*"),
  };
}

async function platformOutputs(project: Project, platform: string): Promise<Record<string, unknown> | undefined> {
  if (isMiniatureStack(platform)) {
    const deployment = readDeployment(project, platform);
    return deployment && outputsOf(deployment);
  }
  const printed = await askEngine({ args: ["stack", "output", "--json", "--stack", platform], cwd: project.folder, env: azureEnvironment(project) });
  return JSON.parse(printed) as Record<string, unknown>;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
