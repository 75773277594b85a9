import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { findRules, type FoundRule } from "./find-rules.ts";

export const CHECKOUT = fileURLToPath(new URL("../../../..", import.meta.url)).replace(/\/$/, "");

/** What refuses outside of requests that a row can send, each with the tests that it has instead. */
const ELSEWHERE: Record<string, string> = {
  "local/arm/server.ts": "test/local/arm/server.contract.test.ts",
  "local/arm/request-body.ts": "test/local/arm/server.contract.test.ts",
  "local/arm/container-apps/log-stream.ts": "test/local/arm/container-apps.test.ts",
  "local/arm/container-apps/app-tokens.ts": "test/local/arm/container-apps.test.ts",
  "local/arm/json.ts": "test/local/arm/json.test.ts",
};
/** Single lines of that kind: limits of logs, and how operations end whose host failed. */
const LINES_ELSEWHERE: Record<string, string> = {
  "LOG_TAIL_LINES": "test/local/arm/container-apps.test.ts",
  "ReplicaNotFound": "test/local/arm/container-apps.test.ts",
  "throw deletionBlocked(": "test/local/arm/resources.test.ts",
  "throw new ArmError(operation.error.code": "test/local/arm/operations.test.ts",
};

/** Every rule of `local/arm/`, in the order of the files. */
export function allRules(): FoundRule[] {
  const folder = join(CHECKOUT, "local/arm");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => relative(CHECKOUT, join(folder, name)))
    .filter((file) => file.endsWith(".ts") && ELSEWHERE[file] === undefined)
    .sort()
    .flatMap((file) => {
      const source = readFileSync(join(CHECKOUT, file), "utf8");
      return findRules(file, source).filter(({ edit }) => !Object.keys(LINES_ELSEWHERE).some((text) => lineAt(source, edit.start).includes(text)));
    });
}

const lineAt = (source: string, at: number) => source.slice(source.lastIndexOf("\n", at) + 1, source.indexOf("\n", at));
