import type { DocumentStore } from "../../document-store.ts";
import { isWithin } from "../resource-id.ts";
import { listAssignments } from "./assignments.ts";
import { ROLE_BY_ID } from "./roles.ts";

/** Decides who may do what: for ARM's own requests, and for the registry's front at each push and pull. */
export interface Access {
  /**
   * @param kind `action` for the control plane (and for data of registries with legacy permissions), `dataAction` for the data plane
   * @param action `Microsoft.ContainerRegistry/registries/pull/read`; compared without case
   * @param scope id of what is acted upon; an assignment at a parent of it counts
   */
  allows(principalId: string, kind: "action" | "dataAction", action: string, scope: string): boolean;
}

export function createAccess(options: {
  store: DocumentStore;
  clock?: () => number;
  /** From when an assignment that was made then (ISO 8601) counts, beyond what it says itself; milliseconds since 1970. */
  knownFrom?: (createdOn: string) => number;
}): Access {
  const { store, clock = Date.now, knownFrom = () => 0 } = options;
  return {
    allows(principalId, kind, action, scope) {
      return listAssignments(store).some((assignment) => {
        if (assignment.principalId.toLowerCase() !== principalId.toLowerCase()) return false;
        if (Math.max(assignment.effectiveAt, knownFrom(assignment.createdOn)) > clock() || !isWithin(scope, assignment.scope)) return false;
        const role = ROLE_BY_ID.get(assignment.roleId);
        if (!role) return false;
        return kind === "action" ? matches(role.actions, action) && !matches(role.notActions, action) : matches(role.dataActions, action);
      });
    },
  };
}

const compiled = new Map<string, RegExp>();

function matches(patterns: string[], action: string): boolean {
  return patterns.some((pattern) => {
    let expression = compiled.get(pattern);
    if (!expression) compiled.set(pattern, (expression = compile(pattern)));
    return expression.test(action);
  });
}

/** `a/*\/read` covers `a/read` too: Managed Identity Operator grants `userAssignedIdentities/assign/action` that way. */
function compile(pattern: string): RegExp {
  const source = pattern
    .split("/*/")
    .map((part) => part.split("*").map(escape).join(".*"))
    .join("/(?:.*/)?");
  return new RegExp(`^${source}$`, "i");
}

const escape = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
