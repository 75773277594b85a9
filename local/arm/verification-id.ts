import { createHash } from "node:crypto";
import { subscriptionOf } from "./resource-id.ts";

/** One value for each subscription, which custom domains prove their owner with: 64 upper-case hex digits. */
export function verificationId(id: string): string {
  return createHash("sha256").update(subscriptionOf(id)?.toLowerCase() ?? "").digest("hex").toUpperCase();
}
