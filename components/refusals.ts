import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** What ARM answers to a PUT that meets another operation; azure-native does not repeat these itself. */
const IN_PROGRESS = /\b(?:ContainerAppOperationInProgress|ManagedEnvironmentOperationInProgress)\b/;

/** Seconds to wait before each repetition: twenty minutes in all, as an environment takes that long. */
const WAITS: readonly number[] = [2, 5, 10, 20, ...Array.from({ length: 39 }, () => 30)];

/**
 * Whether and how long to wait before an operation is tried again.
 *
 * @param errors of this operation so far, newest first
 * @returns seconds; undefined: do not repeat. Only a refusal may be repeated: a create that was accepted and then failed
 *   would find its own app ("cannot create already existing resource") and be dropped from the state
 */
export function waitBeforeRetry(errors: readonly string[]): number | undefined {
  return errors.every((error) => IN_PROGRESS.test(error)) ? WAITS[errors.length - 1] : undefined;
}

let hook: pulumi.ErrorHook | undefined;

/** For `hooks.onError` of apps and environments. One for the whole program: hooks are known by name. */
export function retryWhatWasRefused(): pulumi.ErrorHook {
  return (hook ??= new pulumi.ErrorHook("toolwharf-retry-refused", async ({ errors }) => {
    const seconds = waitBeforeRetry(errors);
    if (seconds === undefined) return false;
    await sleep(seconds * 1000);
    return true;
  }));
}
