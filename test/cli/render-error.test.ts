import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../automation/user-error.ts";
import { renderError } from "../../cli/render-error.ts";
import { MiniatureError } from "../../local/miniature-error.ts";
import { capturedTerminal } from "./captured-terminal.ts";

function rendered(error: unknown, colour = false, debug = false): { code: number; text: string } {
  const { terminal, written } = capturedTerminal({ colour });
  return { code: renderError(error, terminal, debug), text: written.err };
}

describe("errors on the terminal", () => {
  test("code, cause, value, what is allowed, the next command; exit code 1", () => {
    const error = new UserError("STACK_NAME_INVALID", "this is not a name for a stack", { value: "a b", allowed: "letters", next: "toolwharf up" });
    expect(rendered(error)).toEqual({
      code: 1,
      text: "STACK_NAME_INVALID: this is not a name for a stack\n  value:   a b\n  allowed: letters\n  next:    toolwharf up\n",
    });
  });

  test("several next commands stand below each other", () => {
    expect(rendered(new UserError("A_B", "x", { next: "one\ntwo" })).text).toBe("A_B: x\n  next:    one\n           two\n");
  });

  test("errors of other folders are told by their shape", () => {
    expect(rendered(new MiniatureError("PORT_TAKEN", "port 1 is taken", { value: "1" }))).toMatchObject({ code: 1, text: expect.stringContaining("PORT_TAKEN: port 1 is taken\n") });
  });

  test("a code that the text begins with is not said twice", () => {
    const error = Object.assign(new Error("REGISTRY_PROGRAM_MISSING: it was not found"), { code: "REGISTRY_PROGRAM_MISSING" });
    expect(rendered(error)).toEqual({ code: 1, text: "REGISTRY_PROGRAM_MISSING: it was not found\n" });
  });

  test.each([
    ["a plain error", new TypeError("x is not a function")],
    ["an error of Node", Object.assign(new Error("bad"), { code: "ERR_INVALID_ARG_TYPE" })],
    ["an error of the system", Object.assign(new Error("bad"), { code: "ENOENT" })],
    ["no error at all", "text"],
  ])("%s is a bug: exit code 2, and no stack", (_what, error) => {
    const { code, text } = rendered(error);
    expect(code).toBe(2);
    expect(text).toMatch(/^INTERNAL_ERROR: /);
    expect(text).not.toMatch(/\n\s+at /);
  });

  test("TOOLWHARF_DEBUG shows where it happened", () => {
    expect(rendered(new Error("x"), false, true).text).toMatch(/\n\s+at /);
  });

  test("red is the code alone, and only on a terminal", () => {
    expect(rendered(new UserError("A_B", "x"), true).text).toBe("\u001b[31mA_B\u001b[39m: x\n");
    expect(rendered(new UserError("A_B", "x")).text).not.toContain("\u001b");
  });
});
