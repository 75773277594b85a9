import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ask } from "../support/https-client.ts";
import { ScratchProject } from "../support/scratch-project.ts";

describe("a tool folder in a stack of its own", () => {
  const project = new ScratchProject(["flask-echo", "node-echo"]);

  beforeAll(async () => {
    project.configure({ "toolwharf:tools": ["node-echo"] });
    await project.must(["up", "--yes"]);
  });
  afterAll(() => project.dispose());

  test("the platform stack leaves it alone; `up <tool>` deploys it against the platform's outputs", async () => {
    expect(Object.keys((await project.outputs()).tools)).toEqual(["node-echo"]);
    await project.must(["up", "flask-echo", "--yes"]);
    const { tools } = await project.outputs("local.flask-echo");
    expect(Object.keys(tools)).toEqual(["flask-echo"]);
    await expect(ask(`${tools["flask-echo"]!.url}/health`, project.connection().caFile)).resolves.toMatchObject({ status: 200 });
  });

  test("unchanged, it stays as it is", async () => {
    const up = await project.up("flask-echo");
    expect(up).toMatchObject({ code: 0, output: expect.stringMatching(/\d+ unchanged/) });
    expect(up.output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  });

  test("a tool that the platform stack owns cannot be claimed by a stack of its own", async () => {
    const up = await project.run(["up", "--yes", "--stack", "local.node-echo"]);
    expect(up.code).toBe(1);
    expect(up.output).toContain("TOOL_TAKEN");
    expect(up.output).toContain("node-echo: the platform stack local owns it");
    expect(up.output).not.toMatch(/(azure-native|docker|random):[a-z]+:[A-Z]/);
  });

  test("`up <tool>` of a tool that the platform stack owns updates that tool alone", async () => {
    project.edit("tools/node-echo/server.js", "node-echo", "node-echo, alone");
    const before = await project.outputs();
    await project.must(["up", "node-echo", "--yes"]);
    const after = await project.outputs();
    expect(after.tools["node-echo"]!.revision).not.toBe(before.tools["node-echo"]!.revision);
    expect(Object.keys(after)).toEqual(Object.keys(before));
  });

  test("the platform is not destroyed while a tool stack refers to it", async () => {
    const destroy = await project.run(["destroy", "--yes"]);
    expect(destroy.code).toBe(1);
    expect(destroy.output).toContain("local.flask-echo");
  });

  test("no file of a tool stack is left in the project's root", () => {
    expect(readdirSync(project.folder).filter((name) => name.startsWith("Pulumi.")).sort()).toEqual(["Pulumi.local.yaml", "Pulumi.yaml"]);
  });

  test("destroyed tool stack first, then the platform: nothing is left in ARM", async () => {
    await project.must(["destroy", "flask-echo", "--yes"]);
    await project.must(["destroy", "--yes"]);
    const status = JSON.parse((await project.must(["local", "status", "--json"])).stdout) as { apps: unknown[] };
    expect(status.apps).toEqual([]);
  });
});
