import { ArmFailure } from "../azure/arm-reader.ts";
import type { ArmReader } from "../azure/arm-reader.ts";
import { Failure } from "./failure.ts";
import { SettingsProblems } from "./settings-problems.ts";

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
 * @throws SettingsError naming every owner
 */
export async function checkClaims(claims: readonly Claim[], stack: string, arm: ArmReader): Promise<void> {
  const problems = new SettingsProblems();
  await Promise.all(
    claims.map(async ({ tool, claim, appId }) => {
      const tags = (await findTags(arm, appId)) ?? undefined;
      if (!tags || (tags["toolwharf-stack"] === stack && tags["toolwharf-tool"] === claim)) return;
      const owner = tags["toolwharf-stack"] === undefined ? "to nobody that toolwharf knows: it has no tag toolwharf-stack" : `to the stack ${tags["toolwharf-stack"]}, as ${tags["toolwharf-tool"]}`;
      problems.say(`tool ${JSON.stringify(tool)}`, `is taken: the container app ${appId} belongs ${owner}; allowed: another name for the folder, or a deployment from its own stack`);
    }),
  );
  problems.throwIfAny();
}

async function findTags(arm: ArmReader, appId: string): Promise<Record<string, string> | undefined> {
  try {
    const app = await arm.containerApp(appId);
    return app && (app.tags ?? {});
  } catch (error) {
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
