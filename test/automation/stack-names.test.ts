import { describe, expect, test } from "@jest/globals";
import { checkedStackName, isMiniatureStack, platformOf, toolOf } from "../../automation/stack-names.ts";

describe("names of stacks", () => {
  test.each([
    ["local", true, "local", undefined],
    ["local.flask-echo", true, "local", "flask-echo"],
    ["dev", false, "dev", undefined],
    ["dev.weather", false, "dev", "weather"],
    ["locality", false, "locality", undefined],
    ["dev.local", false, "dev", "local"],
  ])("%s: on the miniature %s, platform %s, tool %s", (stack, miniature, platform, tool) => {
    expect([isMiniatureStack(stack), platformOf(stack), toolOf(stack)]).toEqual([miniature, platform, tool]);
  });

  test.each(["", "a b", "../x", ".x", "-x", "--help", "local.", "a/b", "x".repeat(101)])("%j is refused with what is allowed", (stack) => {
    expect(() => checkedStackName(stack)).toThrow(expect.objectContaining({ code: "STACK_NAME_INVALID", value: stack, allowed: expect.stringContaining("letters") }));
  });
});
