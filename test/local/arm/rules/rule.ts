import type { JsonObject } from "../../../../local/arm/json.ts";
import type { World } from "../../../support/arm-world.ts";

/** One row: a request against the platform of platform-bodies.ts, and what Azure makes of it. */
export interface Rule {
  rule: string;
  /** @default "PUT" */
  method?: string;
  /** What follows the group's id, or a whole path; `$subscription` and `$group` stand for theirs. */
  path: string;
  body?: (world: World) => JsonObject;
  /** Requests that must succeed first. */
  given?: Array<{ method?: string; path: string; body?: (world: World) => JsonObject }>;
  /** Part of the answer to an accepted request. */
  accepted?: JsonObject | true;
  /** The answer to a refused one, word for word; a function where it holds an id, an expression where only a part is known. */
  refused?: { status?: number; code: string; message: string | RegExp | ((world: World) => string) };
  /** Where it is written or was seen; `assumed` where it is not. */
  source: string;
}

export const put = (path: string, body: Rule["body"]): Pick<Rule, "path" | "body"> => ({ path, ...(body && { body }) });
