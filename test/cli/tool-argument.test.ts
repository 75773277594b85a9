import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openProject, type Project } from "../../automation/project.ts";
import { checkpointFile } from "../../automation/state-files.ts";
import { placeOfTool, targetsOf } from "../../cli/tool-argument.ts";

let project: Project;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "toolwharf-tool-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: wharf\n");
  writeFileSync(join(folder, "Pulumi.local.yaml"), "config: {}\n");
  for (const tool of ["flask-echo", "node-echo"]) mkdirSync(join(folder, "tools", tool), { recursive: true });
  project = openProject(folder);
});
afterEach(() => rmSync(project.folder, { recursive: true, force: true }));

function stack(name: string, outputs: Record<string, unknown>): void {
  const file = checkpointFile(project, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { latest: { resources: [{ type: "pulumi:pulumi:Stack", outputs }] } } }));
}
const settings = (config: string) => writeFileSync(join(project.folder, "Pulumi.local.yaml"), `config:\n  ${config}\n`);

describe("where a tool is deployed", () => {
  test("in the platform's stack, as a part of it, if that has deployed it", async () => {
    stack("local", { platform: {}, tools: { "flask-echo": {} } });
    expect(await placeOfTool(project, "local", "flask-echo")).toEqual({ stack: "local", targets: targetsOf("flask-echo") });
  });

  test("in the platform's stack too if that deploys every folder, so that its next up finds it", async () => {
    stack("local", { platform: {}, tools: { "flask-echo": {} } });
    expect(await placeOfTool(project, "local", "node-echo")).toEqual({ stack: "local", targets: targetsOf("node-echo") });
  });

  test("in a stack of its own if the platform's settings leave it out", async () => {
    settings("toolwharf:tools: [flask-echo]");
    stack("local", { platform: {}, tools: { "flask-echo": {} } });
    expect(await placeOfTool(project, "local", "node-echo")).toEqual({ stack: "local.node-echo", targets: [] });
  });

  test("in the stack that is named", async () => {
    expect(await placeOfTool(project, "local.node-echo", "node-echo")).toEqual({ stack: "local.node-echo", targets: [] });
  });

  test("nowhere before there is a platform", async () => {
    await expect(placeOfTool(project, "local", "node-echo")).rejects.toMatchObject({ code: "PLATFORM_MISSING", next: "toolwharf up --stack local" });
  });

  test("a folder that is not there is named, with those that are", async () => {
    await expect(placeOfTool(project, "local", "flask")).rejects.toMatchObject({ code: "TOOL_UNKNOWN", value: "flask", allowed: "flask-echo, node-echo" });
  });

  test("the tools folder is the settings' one", async () => {
    settings("toolwharf:toolsFolder: servers");
    await expect(placeOfTool(project, "local", "flask-echo")).rejects.toMatchObject({ code: "TOOL_UNKNOWN", message: expect.stringContaining("servers/") });
  });

  test.each(["../x", "Flask", "a b", "--yes"])("%j is no tool's name", async (tool) => {
    await expect(placeOfTool(project, "local", tool)).rejects.toMatchObject({ code: "TOOL_NAME_INVALID", value: tool });
  });

  test("another tool's stack contradicts", async () => {
    await expect(placeOfTool(project, "local.node-echo", "flask-echo")).rejects.toMatchObject({ code: "TOOL_STACK_MISMATCH", value: "flask-echo" });
  });
});

test("a tool's part of the stack is its component, image and app, the path routes, and no other tool's whose name begins alike", () => {
  const patterns = targetsOf("echo").filter((word) => word !== "--target");
  // As the engine does: `**` is anything, `*` anything but a colon.
  const expression = (pattern: string) => new RegExp(`^${pattern.replaceAll(/[.$/]/g, "\\$&").split("**").map((part) => part.replaceAll("*", "[^:]*")).join(".*")}$`);
  const matches = (urn: string) => patterns.some((pattern) => expression(pattern).test(urn));
  const urn = (types: string, name: string) => `urn:pulumi:local::wharf::${types}::${name}`;
  expect(
    [
      urn("toolwharf:index:ToolServer", "echo"),
      urn("toolwharf:index:ToolServer$docker:index/image:Image", "echo-image"),
      urn("toolwharf:index:ToolServer$azure-native:app:ContainerApp", "echo-app"),
      urn("toolwharf:index:ToolRoutes", "platform"),
      urn("toolwharf:index:ToolRoutes$azure-native:app:HttpRouteConfig", "platform-routes"),
    ].map(matches),
  ).toEqual([true, true, true, true, true]);
  expect(
    [urn("toolwharf:index:ToolServer", "echo-app"), urn("toolwharf:index:ToolServer$azure-native:app:ContainerApp", "echo-app-app"), urn("toolwharf:index:ToolServer", "flask-echo")].map(matches),
  ).toEqual([false, false, false]);
});
