import { describe, expect, test } from "@jest/globals";
import { missing, note, ok, render } from "../../../cli/doctor/finding.ts";
import { lookAtNode } from "../../../cli/doctor/machine.ts";

describe("Node", () => {
  test.each([["22.18.0", "ok"], ["24.0.0", "ok"], ["22.17.1", "missing"], ["20.20.0", "missing"]])("%s is %s", (version, state) => {
    expect(lookAtNode(version).state).toBe(state);
  });
});

test("findings are aligned, with the command that mends below", () => {
  expect(render([ok("Node", "24.0.0"), missing("Docker engine", "none answers", "sudo systemctl start docker"), note("ports", "443 is taken")])).toBe(
    [
      "ok      Node           24.0.0",
      "MISSING Docker engine  none answers",
      "                       -> sudo systemctl start docker",
      "note    ports          443 is taken",
      "",
    ].join("\n"),
  );
});
