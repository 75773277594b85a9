import { describe, expect, test } from "@jest/globals";
import { failedRun } from "../../cli/failed-run.ts";
import { renderError } from "../../cli/render-error.ts";
import { capturedTerminal } from "./captured-terminal.ts";

const END = { code: 255, signal: null, interrupted: false, stdout: "", stderr: "" };

function shown(...args: Parameters<typeof failedRun>): string {
  const { terminal, written } = capturedTerminal();
  expect(renderError(failedRun(...args), terminal, false)).toBe(1);
  return written.err;
}

describe("the last word on a run that did not succeed", () => {
  test("it failed", () => {
    expect(shown("up", "local", END)).toBe(
      "ENGINE_FAILED: up of stack local failed; the reasons are above\n  value:   pulumi ended with exit code 255\n  next:    mend them, then: toolwharf up --stack local\n",
    );
  });

  test("somebody was asked and may have said no", () => {
    expect(shown("up", "local", END, true)).toContain("was declined or failed");
  });

  test("it was interrupted", () => {
    expect(shown("destroy", "dev", { ...END, interrupted: true })).toBe("RUN_INTERRUPTED: destroy of stack dev was interrupted\n  next:    toolwharf destroy --stack dev\n");
  });

  test("it was killed", () => {
    expect(shown("up", "local", { ...END, code: null, signal: "SIGKILL" })).toContain("pulumi ended with SIGKILL");
  });
});
