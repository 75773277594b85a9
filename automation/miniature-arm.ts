import { readFileSync } from "node:fs";
import { createArmReader } from "../azure/arm-reader.ts";
import { createHttp } from "../azure/http.ts";
import type { Connection } from "../local/connection.ts";
import type { ReadArm } from "./repair.ts";

/** GETs of the miniature's ARM as its caller. The token is read each time, because the daemon renews it. */
export function readMiniature({ armEndpoint, caFile, callerTokenFile }: Connection): ReadArm {
  const http = createHttp(caFile);
  return (id, apiVersion) => createArmReader({ endpoint: armEndpoint, token: async () => readFileSync(callerTokenFile, "utf8").trim(), http }).get(id, apiVersion);
}
