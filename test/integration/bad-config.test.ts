import { afterAll, describe, expect, test } from "@jest/globals";
import { ScratchProject } from "../support/scratch-project.ts";

describe("bad config is refused before anything is created", () => {
  const project = new ScratchProject(["node-echo"]);
  afterAll(() => project.dispose());

  test("every problem at once, each with the value and what is allowed", async () => {
    project.write("tools/Bad_Name/server.js", "");
    project.configure({
      "toolwharf:registrySku": "Gold",
      "toolwharf:cpu": "0.3",
      "toolwharf:memory": "4Gi",
      "toolwharf:targetPort": 70000,
    });
    const up = await project.up();
    expect(up.code).toBe(1);
    for (const expected of ["Gold", "Basic", "Premium", "0.3", "4Gi", "0.25", "70000", "65535", "Bad_Name"]) expect(up.output).toContain(expected);
    expect(up.output).not.toMatch(/(azure-native|docker|random):[a-z]+:[A-Z]/);
    expect(up.output).not.toMatch(/\n\s+at .*:\d+:\d+/);
    const status = JSON.parse((await project.must(["local", "status", "--json"])).stdout) as { apps: unknown[] };
    expect(status.apps).toEqual([]);
  });

  test.each([
    ["absent-folder", "is not there", () => undefined],
    ["empty-folder", "is empty", () => project.write("empty-folder/.gitkeep", "")],
  ])("a tools folder like %s is named, and what is wrong with it", async (folder, said, prepare) => {
    prepare();
    project.configure({ "toolwharf:toolsFolder": folder });
    const up = await project.up();
    expect(up.code).toBe(1);
    expect(up.output).toContain(`${JSON.stringify(folder)}, which ${said}`);
  });
});
