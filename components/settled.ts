import * as pulumi from "@pulumi/pulumi";

/** `unknown`: in a preview, or of a resource that a targeted run leaves out. */
export type Settled<T> = { state: "known"; value: T } | { state: "unknown" } | { state: "failed"; error: unknown };

/** Waits for an output without failing with it. */
export async function settled<T>(output: pulumi.Output<T>): Promise<Settled<T>> {
  let failure: { error: unknown } | undefined;
  const safe = pulumi.recover(output as pulumi.Output<T | undefined>, (error: unknown) => {
    // Kept beside the output: as its value it would be unwrapped, and the SDK's errors hold the promise that failed.
    failure = { error };
    return undefined;
  });
  // The SDK's own way out of an output; `apply` would never answer for an unknown one.
  const { promise, isKnown } = safe as unknown as { promise: () => Promise<T>; isKnown: Promise<boolean> };
  const [value, known] = await Promise.all([promise(), isKnown]);
  if (failure) return { state: "failed", error: failure.error };
  return known ? { state: "known", value } : { state: "unknown" };
}
