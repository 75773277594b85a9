import { ArmFailure } from "../azure/arm-reader.ts";
import type { ArmReader } from "../azure/arm-reader.ts";
import { Failure } from "./failure.ts";

export interface Claim {
  tool: string;
  /** `<group>/<tool>`. */
  claim: string;
  appId: string;
}

/**
 * One claim per name: refuses, before anything is created, every tool whose container app exists and belongs to another
 * stack, to another tool, or to somebody who is not this program. The apps' tags tell.
 *
 * @throws Failure `TOOL_TAKEN` naming every owner
 */
export async function checkClaims(claims: readonly Claim[], stack: string, arm: ArmReader): Promise<void> {
  const found = await Promise.all(claims.map(async (each) => ({ ...each, tags: await findTags(arm, each.appId) })));
  const taken = found.flatMap(({ tool, claim, appId, tags }) => {
    if (!tags || (tags["toolwharf-stack"] === stack && tags["toolwharf-tool"] === claim)) return [];
    const owner = tags["toolwharf-stack"] === undefined ? "nobody that toolwharf knows, as it has no tag toolwharf-stack" : `the stack ${tags["toolwharf-stack"]}, as ${tags["toolwharf-tool"]}`;
    return [`${tool}: the container app ${appId} belongs to ${owner}`];
  });
  if (taken.length > 0) throw toolsTaken(taken, "another name for the folder, or a deployment from the stack that owns it");
}

/** @param problems a sentence for each tool, with its owner */
export function toolsTaken(problems: string[], allowed: string): Failure {
  return new Failure("TOOL_TAKEN", "a tool belongs to somebody else; nothing was created", { taken: problems.sort().join("\n"), allowed });
}

async function findTags(arm: ArmReader, appId: string): Promise<Record<string, string> | undefined> {
  try {
    const app = await arm.containerApp(appId);
    return app && (app.tags ?? {});
  } catch (error) {
    // No app of any name, in a subscription that has never had one: the engine's provider registers it.
    if (error instanceof ArmFailure && error.code === "MissingSubscriptionRegistration") return undefined;
    throw unreadable(error, appId);
  }
}

/** ARM did not let itself be read. */
export function unreadable(error: unknown, id: string): Failure {
  const refused = error instanceof ArmFailure && (error.status === 401 || error.status === 403);
  return new Failure("ARM_UNREADABLE", `the state of ${id} could not be read: ${(error as Error).message}`, {
    needed: refused ? `the role "Reader" on its resource group, for whoever runs this` : undefined,
    next: refused ? undefined : "check toolwharf:armEndpoint, toolwharf:trustedCaFile and the network, then run the same command again",
  });
}
