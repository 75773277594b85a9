import { describe, expect, test } from "@jest/globals";
import { consentArguments, displayArguments } from "../../cli/engine-arguments.ts";
import { capturedTerminal } from "./captured-terminal.ts";

const person = capturedTerminal({ interactive: true }).terminal;
const nobody = capturedTerminal().terminal;

describe("consent", () => {
  test("--yes goes ahead at once; a person is shown the preview and asked", () => {
    expect(consentArguments("up", "dev", true, person)).toEqual(["--yes", "--skip-preview"]);
    expect(consentArguments("up", "dev", false, person)).toEqual([]);
  });

  test.each([["up", "local"], ["refresh", "local.flask-echo"]] as const)("without a person %s of %s goes ahead: it is on the miniature", (command, stack) => {
    expect(consentArguments(command, stack, false, nobody)).toEqual(["--yes", "--skip-preview"]);
  });

  test.each([["up", "dev"], ["destroy", "dev"], ["destroy", "local"]] as const)("without a person %s of %s needs --yes", (command, stack) => {
    expect(() => consentArguments(command, stack, false, nobody)).toThrow(expect.objectContaining({ code: "CONFIRMATION_NEEDED", next: expect.stringContaining("--yes") }));
  });
});

test("without a terminal the engine writes plain lines", () => {
  expect(displayArguments(nobody)).toEqual(["--non-interactive", "--color", "never", "--suppress-progress"]);
  expect(displayArguments(person)).toEqual([]);
});
