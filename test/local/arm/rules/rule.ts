import type { JsonObject } from "../../../../local/arm/json.ts";
import type { World } from "../../../support/arm-world.ts";

/** One row: a request against the platform of platform-bodies.ts, and what Azure makes of it. */
export interface Rule extends Step {
  rule: string;
  /** Requests that must succeed first. */
  given?: Step[];
  /** Requests after those; what they begin is still under way when the row's own request comes. */
  begun?: Step[];
  /** What befalls the platform before the row's own request: a switch for failures, an environment that could not be made. */
  before?: (world: World) => Promise<unknown>;
  /** Who asks. @default the caller, who may do everything */
  as?: (world: World) => string;
  /** How long a new role assignment has no effect. @default 0 */
  propagationDelayMs?: number;
  /** Part of the answer to an accepted request; an expression stands for a text. */
  accepted?: JsonObject | true;
  /** The answer to a refused one, word for word; a function where it holds an id, an expression where only a part is known. */
  refused?: { status?: number; code: string; message: string | RegExp | ((world: World) => string) };
  /** Where it is written or was seen; `assumed` where it is not. */
  source: string;
}

export interface Step {
  /** @default "PUT" */
  method?: string;
  /** What follows the group's id, or a whole path; `$subscription` and `$group` stand for theirs. */
  path: string;
  body?: (world: World) => JsonObject;
}
