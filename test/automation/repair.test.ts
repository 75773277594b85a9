import { describe, expect, test } from "@jest/globals";
import { createsOfPreview, pendingCreates } from "../../automation/repair.ts";

describe("what a dead run may have created", () => {
  test("creates of the preview, replacements among them", () => {
    const state = (name: string) => ({ urn: `urn:${name}`, type: "t", custom: true });
    const steps = ["create", "same", "create-replacement", "replace", "delete-replaced", "update"].map((op) => ({ op, newState: state(op) }));
    expect(createsOfPreview(JSON.stringify({ steps }))).toEqual([
      { resource: state("create"), replaces: false },
      { resource: state("create-replacement"), replaces: true },
    ]);
  });

  test.each(["", "error: no such program", "{}"])("a preview that failed (%j) plans nothing", (printed) => {
    expect(createsOfPreview(printed)).toEqual([]);
  });

  test("pending creates; one of a resource that the state still has is a replacement", () => {
    const resource = (name: string) => ({ urn: `urn:${name}`, type: "t", custom: true });
    const pending = [
      { type: "creating" as const, resource: resource("new") },
      { type: "creating" as const, resource: resource("old") },
      { type: "updating" as const, resource: resource("old") },
    ];
    expect(pendingCreates({ resources: [resource("old")] }, pending)).toEqual([
      { resource: resource("new"), replaces: false },
      { resource: resource("old"), replaces: true },
    ]);
  });
});
