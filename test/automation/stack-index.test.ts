import { describe, expect, test } from "@jest/globals";
import { dependentsOf, summarize, type StackSummary } from "../../automation/stack-index.ts";

const stack = (name: string, resources: number, refersTo: string[] = []): StackSummary => ({ name, resources, refersTo });

describe("the index of stacks", () => {
  test("counts what a stack owns: not itself, its providers or its references", () => {
    const resource = (type: string, more = {}) => ({ urn: `urn:${type}`, type, custom: true, ...more });
    const resources = [
      resource("pulumi:pulumi:Stack"),
      resource("pulumi:providers:azure-native"),
      resource("pulumi:pulumi:StackReference", { id: "organization/wharf/local", inputs: { name: "organization/wharf/local" } }),
      resource("azure-native:app:ContainerApp"),
    ];
    expect(summarize("local.echo", { resources })).toEqual({ name: "local.echo", resources: 1, refersTo: ["local"] });
    expect(summarize("local", {})).toEqual({ name: "local", resources: 0, refersTo: [] });
  });

  test("dependents of a platform read its outputs or bear its name, and own something", () => {
    const stacks = [stack("local", 9), stack("local.a", 2, ["local"]), stack("local.b", 0, ["local"]), stack("local.c", 2), stack("other", 2, ["local"]), stack("dev.local", 2, ["dev"])];
    expect(dependentsOf("local", stacks).map(({ name }) => name)).toEqual(["local.a", "local.c", "other"]);
  });
});
