import * as pulumi from "@pulumi/pulumi";

/** `unknown`: in a preview, or of a resource that a targeted run leaves out. */
export type Settled<T> = { state: "known"; value: T } | { state: "unknown" } | { state: "failed"; error: unknown };

/** Waits for an output without failing with it. */
export async function settled<T>(output: pulumi.Output<T>): Promise<Settled<T>> {
  const wrapped = output.apply((value): Settled<T> => ({ state: "known", value: value as T }));
  const safe = pulumi.recover(wrapped as pulumi.Output<Settled<T>>, (error): Settled<T> => ({ state: "failed", error }) as Settled<T>);
  // The SDK's own way out of an output; `apply` would never answer for an unknown one.
  const { promise } = safe as unknown as { promise: () => Promise<Settled<T> | undefined> };
  return (await promise()) ?? { state: "unknown" };
}
