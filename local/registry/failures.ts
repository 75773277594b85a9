import type { Faults } from "../faults/faults.ts";
import type { RegistryRequests } from "../faults/table.ts";
import type { RegistryError } from "./answers.ts";

/** What fails on purpose at one registry. */
export interface Failures {
  /** The refusal of a request that is to fail; counted as having happened. */
  of(requests: RegistryRequests | undefined): { status: 500 | 503; error: RegistryError } | undefined;
  /** Whether an access token has expired on purpose. @param sendsBlob whether its request sends a part of a blob: there a token expires */
  hasExpired(token: string, sendsBlob: boolean): boolean;
}

/** Tokens that have expired are remembered for as long as they would have been good; more than these nobody has. */
const REMEMBERED_TOKENS = 1_000;

export function openFailures(faults: Faults, registry: string): Failures {
  const expired = new Set<string>();
  return {
    of(requests) {
      if (requests === undefined) return undefined;
      if (faults.take("registry-500", registry, requests)) return { status: 500, error: { code: "UNKNOWN", message: "unknown error" } };
      if (faults.take("registry-503", registry, requests)) return { status: 503, error: { code: "UNAVAILABLE", message: "service unavailable" } };
      return undefined;
    },
    hasExpired(token, sendsBlob) {
      if (expired.has(token)) return true;
      if (!sendsBlob || !faults.take("push-token-expired", registry)) return false;
      if (expired.size >= REMEMBERED_TOKENS) expired.delete(expired.values().next().value!);
      expired.add(token);
      return true;
    },
  };
}
