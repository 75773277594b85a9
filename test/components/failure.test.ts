import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { Failure, isConsequence } from "../../components/failure.ts";
import { settled } from "../../components/settled.ts";

describe("a failure", () => {
  const failure = new Failure("CODE", "the cause", { value: "one", empty: undefined, log: "a\nb", next: "do this" });

  test("is code, cause and a line for each detail, without a stack", () => {
    expect(failure.message).toBe("CODE: the cause\n  value: one\n  log:\n    a\n    b\n  next: do this");
    expect(failure.stack).toBe("");
    expect(failure.code).toBe("CODE");
    expect(pulumi.RunError.isInstance(failure)).toBe(true);
  });

  test("keeps its text when the SDK puts a property's name in front", () => {
    failure.message = `error serializing property "template": ${failure.message}`;
    expect(failure.message).toMatch(/^CODE: /);
  });
});

test.each([
  ["resource weather-image [docker:index/image:Image] failed to register", true],
  ['error serializing property "template": resource weather-image [docker:index/image:Image] failed to register', true],
  ["something else failed to register", false],
  ["resource a [b] failed to register, or not", false],
])("%j only says that a resource failed: %p", (message, expected) => {
  expect(isConsequence(new Error(message))).toBe(expected);
});

describe("an output, waited for", () => {
  test("has its value", async () => {
    expect(await settled(pulumi.output({ a: pulumi.output(1) }))).toEqual({ state: "known", value: { a: 1 } });
  });

  test("may be unknown", async () => {
    expect(await settled(pulumi.output(pulumi.unknown as string))).toEqual({ state: "unknown" });
  });

  test("that failed gives the very error, even one that holds the promise that failed", async () => {
    const error: Error & { promise?: unknown } = new Error("resource x [y] failed to register");
    const promise = Promise.reject(error);
    error.promise = promise;
    const result = await settled(pulumi.output(promise));
    expect(result.state).toBe("failed");
    expect((result as { error: unknown }).error).toBe(error);
  });

  test("that failed fails nothing else when it is one of several", async () => {
    const result = await settled(pulumi.all([pulumi.output(1), pulumi.output(Promise.reject(new Failure("CODE", "cause")))]));
    expect(result).toMatchObject({ state: "failed", error: { code: "CODE" } });
  });
});
