import { Failure } from "./failure.ts";
import type { ToolSettings } from "./tool-settings.ts";
import type { Cause, Evidence } from "./verdict-evidence.ts";

const CAUSES: Record<Cause, string> = {
  pull: "its image cannot be pulled",
  start: "its command cannot be started",
  port: "it listens on another port",
  loopback: "it listens where only itself can come",
  crash: "it crashed",
  probe: "its health path does not answer as it should",
  unknown: "the cause is not known",
};

export interface NotReady {
  tool: string;
  folder: string;
  appName: string;
  resourceGroupName: string;
  revision: string;
  /** The revision that traffic goes to. */
  serving?: string;
  settings: Pick<ToolSettings, "healthPath" | "targetPort" | "startupSeconds">;
  waitedSeconds: number;
  evidence: Evidence;
}

/** What a deployment ends with whose new revision did not become ready. */
export function notReady({ tool, folder, appName, resourceGroupName, revision, serving, settings, waitedSeconds, evidence }: NotReady): Failure {
  const { cause, details, replica, log } = evidence;
  const period = Math.ceil(settings.startupSeconds / 10);
  return new Failure("TOOL_NOT_READY", `${tool}: revision ${revision} is not ready after ${waitedSeconds} s: ${CAUSES[cause]} (${cause})`, {
    asked: `GET ${settings.healthPath} on port ${settings.targetPort}, every ${period} s, 10 times (toolwharf:startupSeconds ${settings.startupSeconds}); 200 to 399 is ready`,
    answered: details.join("\n") || "nothing that Azure tells",
    serving: serving === undefined || serving === revision ? "no revision of it" : `revision ${serving}, as before`,
    [replica === undefined ? "log" : `log of ${replica}`]: log.join("\n") || "empty",
    next: `mend ${folder}, then run the same command again; the whole log on Azure: az containerapp logs show --name ${appName} --resource-group ${resourceGroupName} --revision ${revision} --tail 300`,
  });
}
