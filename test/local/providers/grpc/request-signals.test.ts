import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { requestSignals } from "../../../../local/providers/grpc/request-signals.ts";
import { collectGarbage } from "../../../support/garbage.ts";

const HOUR_MS = 3_600_000;
const never = new AbortController().signal;

test("Cancel aborts the request, also one that comes after it, but says not that the engine is gone", () => {
  const cancel = new AbortController();
  const before = requestSignals(cancel.signal, HOUR_MS);
  cancel.abort(new Error("canceled"));
  const after = requestSignals(cancel.signal, HOUR_MS);
  for (const { signal, gone, release } of [before, after]) {
    expect([signal.reason, gone.aborted]).toEqual([new Error("canceled"), false]);
    release();
  }
});

test("an engine that is gone aborts both", () => {
  const { signal, gone, leave, release } = requestSignals(never, HOUR_MS);
  leave();
  expect([signal.reason, gone.reason]).toEqual([new Error("the engine is gone"), new Error("the engine is gone")]);
  release();
});

test("when the time is up it says so by name", async () => {
  const { signal, gone } = requestSignals(never, 20);
  await sleep(60);
  expect([(signal.reason as DOMException).name, gone.aborted]).toEqual(["TimeoutError", false]);
});

test("a time longer than a timer can hold is not up at once", async () => {
  const { signal, release } = requestSignals(never, 1000 * HOUR_MS);
  await sleep(20);
  expect(signal.aborted).toBe(false);
  release();
});

test("after its release neither time nor Cancel aborts it", async () => {
  const cancel = new AbortController();
  const { signal, release } = requestSignals(cancel.signal, 20);
  release();
  cancel.abort();
  await sleep(60);
  expect(signal.aborted).toBe(false);
});

test("after its release nothing keeps it alive, not even a listener that somebody left on it", async () => {
  const cancel = new AbortController();
  const answered = () => {
    const { signal, release } = requestSignals(cancel.signal, HOUR_MS);
    signal.addEventListener("abort", () => undefined);
    release();
    return new WeakRef(signal);
  };
  const signals = Array.from({ length: 100 }, answered);
  await collectGarbage();
  expect(signals.filter((signal) => signal.deref() !== undefined)).toEqual([]);
});
