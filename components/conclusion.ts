import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { containerAppId } from "../azure/resource-id.ts";
import type { AzureSession } from "./azure-session.ts";
import { unreadable } from "./claims.ts";
import type { Clock } from "./endpoint-check.ts";
import { readLiveTool } from "./live-tool.ts";
import type { ToolOutput } from "./live-tool.ts";
import { appName, DEFAULT_GROUP } from "./naming.ts";
import { settled } from "./settled.ts";
import type { Settings } from "./settings.ts";
import type { DeclaredTool } from "./tool-deployment.ts";
import { HOME } from "./tool-source.ts";
import type { ToolServer } from "./tool-server.ts";
import { judge } from "./verdict.ts";
import { openVerifiedRevisions } from "./verified-revisions.ts";
import type { VerifyOption } from "./verify-option.ts";

export interface Conclusion {
  /** Undefined: what a tool was before could not be read, so that the outputs of the last run have to stay. */
  tools: Record<string, ToolOutput> | undefined;
  /** To be raised, once the outputs are on their way. */
  failures: unknown[];
}

export interface ConclusionOptions {
  settings: Pick<Settings, "readyTimeoutSeconds" | "ingressPort">;
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
  const { settings, resourceGroupName, azure, verify, clock = { now: Date.now, sleep } } = options;
  const { arm, http, subscriptionId } = azure;
  const verified = openVerifiedRevisions(join(HOME, "cache", "verified-revisions.json"));
  const failures: unknown[] = [];
  const found: Array<[string, ToolOutput | undefined]> = [];
  let complete = true;

  await Promise.all(
    declared.map(async (each) => {
      const { tool } = each;
      const name = appName(DEFAULT_GROUP, tool.name);
      const appId = containerAppId(subscriptionId, resourceGroupName, name);
      const outcome = await outcomeOf(each);
      if (outcome.kind === "left out") return;
      if (outcome.kind === "failed") failures.push(outcome.error);
      try {
        if (outcome.kind === "deployed" && verify.judges(tool.name)) {
          const candidate = { tool: tool.name, folder: tool.folder, appId, appName: name, resourceGroupName, settings: tool.settings };
          const failure = await judge(candidate, { arm, http, verified, clock, ...settings });
          if (failure) failures.push(failure);
        }
        found.push([tool.name, verify.enabled ? await readLiveTool(arm, appId, settings.ingressPort) : "output" in outcome ? outcome.output : undefined]);
        if (!verify.enabled && !("output" in outcome)) complete = false;
      } catch (error) {
        failures.push(unreadable(error, appId));
        if ("output" in outcome) found.push([tool.name, outcome.output]);
        else complete = false;
      }
    }),
  );
  verified.save();
  const tools = found.filter((entry): entry is [string, ToolOutput] => entry[1] !== undefined).sort(([left], [right]) => (left < right ? -1 : 1));
  return { tools: complete ? Object.fromEntries(tools) : undefined, failures };
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
async function engineOutput({ url, fqdn, image, revision }: ToolServer) {
  return settled(pulumi.all({ url, fqdn, image, revision }) as unknown as pulumi.Output<ToolOutput>);
}
