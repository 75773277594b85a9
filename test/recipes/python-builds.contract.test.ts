import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { cpSync, appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CHECKOUT } from "../support/scratch-project.ts";
import { BuiltTools } from "./built-tools.ts";
import type { RunningTool } from "./built-tools.ts";
import { Folder } from "./folder.ts";

/** Packages come over the network, and a busy machine compiles slowly. */
jest.setTimeout(300_000);

const FIXTURES = join(CHECKOUT, "test/fixtures");
let tools: BuiltTools;

beforeAll(async () => {
  tools = await BuiltTools.open();
});
afterAll(async () => {
  await tools.remove();
});

/** As an ingress would ask: with its own host name. */
async function toolNames({ url }: RunningTool): Promise<string[]> {
  const client = new Client({ name: "test", version: "1.0.0" });
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers: { "x-forwarded-host": "weather.example.com" } } });
  await client.connect(transport);
  try {
    return (await client.listTools()).tools.map(({ name }) => name);
  } finally {
    await client.close();
  }
}

describe("built, started and asked for its health", () => {
  test.each([
    ["flask-factory"],
    ["flask-on-windows"],
    ["flask-hashes"],
    ["flask-poetry"],
    ["fastapi-package"],
    ["fastapi-src-uv"],
    ["fastapi-pep621"],
    ["uv-workspace"],
    ["project-in-subfolder"],
    ["editable-requirements"],
    ["http-server"],
    ["aiohttp-program"],
    ["django-site"],
  ])("%s", async (fixture) => {
    const tool = await tools.start(await tools.build(fixture, join(FIXTURES, fixture)));
    expect(await tool.health()).toBe(200);
    expect(await tool.run(["id", "-u"])).toBe("10001");
    expect(await tool.run(["sh", "-c", "command -v uv poetry pip3.11 || true"])).not.toMatch(/uv|poetry/);
  });

  test("without BuildKit too", async () => {
    const tool = await tools.start(await tools.build("classic", join(FIXTURES, "flask-factory"), { buildkit: false }));
    expect(await tool.health()).toBe(200);
  });
});

describe("an MCP server answers initialize and tools/list", () => {
  test.each([
    ["mcp-fastmcp", "roll"],
    ["mcp-official", "forecast"],
    ["mcp-official-second", "add_note"],
    ["mcp-stdio", "now"],
  ])("%s", async (fixture, name) => {
    const tool = await tools.start(await tools.build(fixture, join(FIXTURES, fixture)));
    expect(await tool.health()).toBe(200);
    expect(await toolNames(tool)).toEqual([name]);
    // Not the libraries' answer to unknown hosts.
    expect(await tool.status("/mcp", { host: "weather.example.com" })).not.toBe(421);
  });

  test("and a bridge does not outlive its server", async () => {
    const tool = await tools.start(await tools.build("mcp-stdio", join(FIXTURES, "mcp-stdio")));
    expect(await tool.health()).toBe(200);
    await tool.run(["python", "-c", "import os, signal\nfor pid in filter(str.isdigit, os.listdir('/proc')):\n    words = open(f'/proc/{pid}/cmdline').read().split('\\0')\n    if words[:3] == ['python', '-m', 'clock_server']: os.kill(int(pid), signal.SIGKILL)"]);
    for (let tries = 0; tries < 50 && (await tool.isRunning()); tries++) await sleep(200);
    expect(await tool.isRunning()).toBe(false);
  });
});

describe("a second build", () => {
  test("after a change of code installs nothing, and after one of the dependencies takes packages from the cache", async () => {
    using folder = new Folder();
    cpSync(join(FIXTURES, "flask-hashes"), folder.path, { recursive: true });
    // A list that no build had before: its step must be run, or the cache of packages may be empty where the builder's own is not.
    const list = (number: number) => writeFileSync(join(folder.path, "requirements.txt"), `flask==3.1.3\nclick!=0.0.${number}\n`);
    list(Date.now());
    await tools.build("again", folder.path);
    appendFileSync(join(folder.path, "app.py"), "\n# changed\n");
    const code = await tools.build("again", folder.path);
    expect(code.cached.some((step) => step.includes("uv pip install"))).toBe(true);
    expect(code.lines.join("\n")).not.toMatch(/Downloaded|Prepared|Installed \d+ package/);

    list(Date.now() + 1);
    const changed = (await tools.build("again", folder.path)).lines.join("\n");
    expect(changed).toMatch(/Installed \d+ packages/);
    expect(changed).not.toMatch(/Prepared|Downloaded/);
  });
});
