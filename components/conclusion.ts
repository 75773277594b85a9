import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { systemClock } from "../azure/clock.ts";
import type { Clock } from "../azure/clock.ts";
import { containerAppId } from "../azure/resource-id.ts";
import type { AzureSession } from "./azure-session.ts";
import { unreadable } from "./claims.ts";
import { readLiveTool } from "./live-tool.ts";
import type { ToolOutput } from "./live-tool.ts";
import { appName } from "./naming.ts";
import { settled } from "./settled.ts";
import type { Settled } from "./settled.ts";
import type { Settings } from "./settings.ts";
import type { DeclaredTool } from "./tool-deployment.ts";
import { HOME } from "./tool-source.ts";
import type { ToolServer } from "./tool-server.ts";
import { judge } from "./verdict.ts";
import { openVerifiedRevisions } from "./verified-revisions.ts";
import type { VerifiedRevisions } from "./verified-revisions.ts";
import type { VerifyOption } from "./verify-option.ts";

export interface Conclusion {
  /** Undefined: what a tool was before could not be read, so that the outputs of the last run have to stay. */
  tools: Record<string, ToolOutput> | undefined;
  /** To be raised, once the outputs are on their way. */
  failures: unknown[];
}

export interface ConclusionOptions {
  settings: Pick<Settings, "readyTimeoutSeconds" | "lostSeconds" | "ingressPort">;
  resourceGroupName: string;
  azure: AzureSession;
  verify: VerifyOption;
  clock?: Clock;
}

/**
 * What became of the tools: waits for each, gives its verdict, and says what is served now. A tool that failed is
 * told as it serves, which is what the outputs said before.
 */
export async function conclude(declared: readonly DeclaredTool[], options: ConclusionOptions): Promise<Conclusion> {
  const verified = openVerifiedRevisions(join(HOME, "cache", "verified-revisions.json"));
  const results = await Promise.all(declared.map((each) => concludeTool(each, options, verified, declared.length)));
  verified.save();
  const tools = declared.flatMap(({ tool }, at) => (results[at]!.output ? [[tool.name, results[at]!.output] as const] : []));
  return {
    tools: results.some(({ unread }) => unread) ? undefined : Object.fromEntries(tools),
    failures: results.flatMap(({ failures }) => failures),
  };
}

interface Result {
  failures: unknown[];
  output?: ToolOutput;
  /** What it was before is known to the last run's outputs alone. */
  unread?: boolean;
}

async function concludeTool(declared: DeclaredTool, options: ConclusionOptions, verified: VerifiedRevisions, tools: number): Promise<Result> {
  const { settings, resourceGroupName, azure, verify, clock = systemClock } = options;
  const { tool } = declared;
  const outcome = await outcomeOf(declared);
  if (outcome.kind === "left out") return { failures: [] };
  const failures = outcome.kind === "failed" ? [outcome.error] : [];
  const fromEngine = outcome.kind === "failed" ? { unread: true } : { output: outcome.output };
  if (!verify.enabled) return { failures, ...fromEngine };

  // Nobody knows what it is called in Azure.
  if (tool.group === undefined) return { failures, unread: true };
  const name = appName(tool.group, tool.name);
  const appId = containerAppId(azure.subscriptionId, resourceGroupName, name);
  try {
    if (outcome.kind === "deployed" && verify.judges(tool.name)) {
      const candidate = { tool: tool.name, folder: tool.folder, appId, appName: name, resourceGroupName, image: outcome.output.image, settings: tool.settings };
      const failure = await judge(candidate, { arm: azure.arm, http: azure.http, verified, clock, ...settings, tools });
      if (failure) failures.push(failure);
      // A tag says "this one works": it moves once the revision is ready.
      else if ("server" in declared) await declared.tagImage?.(outcome.output.image).catch((error: unknown) => void failures.push(error));
    }
    return { failures, output: await readLiveTool(azure.arm, appId, settings.ingressPort) };
  } catch (error) {
    return { failures: [...failures, unreadable(error, appId)], ...fromEngine };
  }
}

type Outcome =
  /** Registered, and with the image that this run asked for. */
  | { kind: "deployed"; output: ToolOutput }
  /** By a targeted run: there already, and perhaps older than its folder. */
  | { kind: "untouched"; output: ToolOutput }
  /** By a targeted run: new, and not made. */
  | { kind: "left out" }
  | { kind: "failed"; error: unknown };

async function outcomeOf(declared: DeclaredTool): Promise<Outcome> {
  if (!("server" in declared)) return { kind: "failed", error: declared.problem };
  const [registered, built] = await Promise.all([engineOutput(declared.server), settled(declared.server.builtName)]);
  if (registered.state === "failed") return { kind: "failed", error: registered.error };
  if (registered.state === "unknown") return { kind: "left out" };
  const current = built.state === "known" && (declared.imageName === undefined || built.value === declared.imageName);
  return { kind: current ? "deployed" : "untouched", output: registered.value };
}

/** As the engine has it. */
function engineOutput({ url, fqdn, image, revision }: ToolServer): Promise<Settled<ToolOutput>> {
  return settled(pulumi.all({ url, fqdn, image, revision }) as unknown as pulumi.Output<ToolOutput>);
}
