import { readFileSync } from "node:fs";
import { request } from "node:https";
import { findProject } from "../../automation/project.ts";
import { UserError } from "../../automation/user-error.ts";
import { findMiniature } from "../../local/control.ts";
import { FAULTS_PATH } from "../../local/faults/control.ts";
import type { Fault } from "../../local/faults/faults.ts";
import { layoutOf } from "../../local/layout.ts";

const LIMIT_MS = 10_000;

/**
 * Asks the running miniature of the project for its switches, as its caller.
 * @param name of a switch, or `""` for all
 * @throws UserError `MINIATURE_NOT_RUNNING`, `SWITCH_REFUSED` with what is allowed
 */
export async function askFaults<T>(method: "GET" | "PUT" | "DELETE", name: string, payload?: unknown): Promise<T> {
  const connection = findMiniature(layoutOf(findProject(process.cwd()).folder));
  if (!connection) throw new UserError("MINIATURE_NOT_RUNNING", "failure switches are in the memory of a running miniature", { next: "toolwharf local up" });
  const path = name === "" ? FAULTS_PATH : `${FAULTS_PATH}/${encodeURIComponent(name)}`;
  const token = readFileSync(connection.callerTokenFile, "utf8").trim();
  const body = payload === undefined ? undefined : JSON.stringify(payload);
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const asked = request(
      `${connection.armEndpoint}${path}`,
      { method, ca: readFileSync(connection.caFile), agent: false, signal: AbortSignal.timeout(LIMIT_MS), headers: { authorization: `Bearer ${token}`, "content-type": "application/json" } },
      (answer) => {
        let read = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (read += chunk));
        answer.on("error", reject).on("end", () => resolve({ status: answer.statusCode ?? 0, text: read }));
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
  const answer = JSON.parse(text) as T & { error?: { message: string } };
  if (status >= 300) throw new UserError("SWITCH_REFUSED", answer.error?.message ?? `the miniature answered ${status}`, { next: "toolwharf local fail list" });
  return answer;
}

/** `operation-in-progress of weather, 2 times more` */
export function describeFault({ name, target, timesLeft, seconds, requests, happened }: Fault): string {
  return [
    `${name}${target === undefined ? "" : ` of ${target}`}`,
    ...(requests === undefined ? [] : [`${requests} requests`]),
    ...(seconds === undefined ? [] : [`${seconds} s`]),
    timesLeft === undefined ? "until it is cleared" : `${timesLeft} more`,
    ...(happened > 0 ? [`${happened} so far`] : []),
  ].join(", ");
}
