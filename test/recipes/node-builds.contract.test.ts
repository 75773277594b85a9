import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { appendFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CHECKOUT } from "../support/scratch-project.ts";
import { BuiltTools } from "./built-tools.ts";
import type { RunningTool } from "./built-tools.ts";
import { Folder } from "./folder.ts";

/** Packages come over the network. */
jest.setTimeout(300_000);

const FIXTURES = join(CHECKOUT, "test/fixtures");
let tools: BuiltTools;

beforeAll(async () => {
  tools = await BuiltTools.open();
});
afterAll(async () => {
  await tools.remove();
});

async function asked({ url }: RunningTool): Promise<{ tools: string[]; answer: unknown }> {
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  try {
    const { content } = await client.callTool({ name: "temperature", arguments: { city: "Delft" } });
    return { tools: (await client.listTools()).tools.map(({ name }) => name), answer: content };
  } finally {
    await client.close();
  }
}

describe("built, started and asked for its health", () => {
  test.each([["express-cjs"], ["hono-typescript"], ["plain-http"], ["koa-app"], ["pnpm-project"], ["yarn-classic"], ["yarn-berry"], ["typescript-as-it-is"]])("%s", async (fixture) => {
    const tool = await tools.start(await tools.build(fixture, join(FIXTURES, fixture)));
    expect(await tool.health()).toBe(200);
    expect(await tool.run(["id", "-u"])).toBe("10001");
    expect(await tool.run(["sh", "-c", "ls /app/node_modules /usr/local/bin 2>/dev/null | grep -x -e typescript -e nodemon -e pnpm -e yarn || true"])).toBe("");
  });

  test("without BuildKit too", async () => {
    const tool = await tools.start(await tools.build("classic", join(FIXTURES, "express-cjs"), { buildkit: false }));
    expect(await tool.health()).toBe(200);
  });
});

describe("a site", () => {
  test("is served with its types, its own page for what is not there, and nothing beside it", async () => {
    const { url, health } = await tools.start(await tools.build("static-site", join(FIXTURES, "static-site")));
    expect(await health()).toBe(200);
    const get = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(`${url}${path}`, { redirect: "manual", ...init });
      return { status: response.status, type: response.headers.get("content-type"), tag: response.headers.get("etag"), to: response.headers.get("location"), text: await response.text() };
    };
    const front = await get("/");
    expect(front).toMatchObject({ status: 200, type: "text/html; charset=utf-8", text: expect.stringContaining("Ships today") });
    expect(await get("/", { headers: { "if-none-match": front.tag! } })).toMatchObject({ status: 304, text: "" });
    expect(await get("/", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
    expect(await get("/style.css")).toMatchObject({ status: 200, type: "text/css; charset=utf-8" });
    expect(await get("/about?x=1")).toMatchObject({ status: 308, to: "/about/?x=1" });
    expect(await get("/gone")).toMatchObject({ status: 404, text: expect.stringContaining("No such page") });
    for (const path of ["/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/.well-known-to-nobody", "//example.com/about"]) expect(await get(path)).toMatchObject({ status: 404 });
    expect(await get("/%")).toMatchObject({ status: 400 });
    expect(await get("/", { method: "POST" })).toMatchObject({ status: 405 });
  });
});

describe("an MCP server answers initialize and tools/list", () => {
  test.each([["mcp-node-http"], ["mcp-node-stdio"], ["mcp-node-fastmcp"]])("%s", async (fixture) => {
    const tool = await tools.start(await tools.build(fixture, join(FIXTURES, fixture)));
    expect(await tool.health()).toBe(200);
    expect(await asked(tool)).toEqual({ tools: ["temperature"], answer: [{ type: "text", text: "Delft: 21" }] });
    // The second client of the same server.
    expect((await asked(tool)).tools).toEqual(["temperature"]);
  });

  test("and a bridge does not outlive its server", async () => {
    const tool = await tools.start(await tools.build("mcp-node-stdio", join(FIXTURES, "mcp-node-stdio")));
    expect(await tool.health()).toBe(200);
    await tool.run(["node", "-e", "const fs = require('fs'); for (const pid of fs.readdirSync('/proc').filter(Number)) if (fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('node\\0build/index.js')) process.kill(pid, 'SIGKILL')"]);
    for (let tries = 0; tries < 50 && (await tool.isRunning()); tries++) await sleep(200);
    expect(await tool.isRunning()).toBe(false);
  });
});

test("a server that listens for no signal ends when it is told to", async () => {
  const tool = await tools.start(await tools.build("koa-app", join(FIXTURES, "koa-app")));
  expect(await tool.health()).toBe(200);
  await tool.run(["node", "-e", "process.kill(1, 'SIGTERM')"]);
  for (let tries = 0; tries < 25 && (await tool.isRunning()); tries++) await sleep(200);
  expect(await tool.isRunning()).toBe(false);
});

describe("a second build", () => {
  test("after a change of code or of scripts installs nothing, and after one of the dependencies takes packages from the cache", async () => {
    using folder = new Folder();
    cpSync(join(FIXTURES, "express-cjs"), folder.path, { recursive: true });
    const lock = join(folder.path, "package-lock.json");
    // It says where packages are, as most do.
    const { packages, ...rest } = JSON.parse(readFileSync(lock, "utf8")) as { packages: Record<string, { version: string }> };
    const placed = Object.entries(packages).map(([path, each]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return [path, path === "" ? each : { ...each, resolved: `https://registry.npmjs.org/${name}/-/${name.split("/").at(-1)}-${each.version}.tgz` }];
    });
    // One that no build had before: its step must be run, or the cache of packages may be empty where the builder's own is not.
    const relock = (number: number) => writeFileSync(lock, JSON.stringify({ ...rest, version: `1.0.${number}`, packages: Object.fromEntries(placed) }));
    relock(Date.now());
    await tools.build("node-again", folder.path);
    appendFileSync(join(folder.path, "server.js"), "\n// changed\n");
    const manifest = JSON.parse(readFileSync(join(folder.path, "package.json"), "utf8")) as { scripts: Record<string, string>; dependencies: Record<string, string> };
    writeFileSync(join(folder.path, "package.json"), JSON.stringify({ ...manifest, scripts: { ...manifest.scripts, test: "node --test" } }));
    const code = await tools.build("node-again", folder.path);
    expect(code.cached.some((step) => step.includes("npm ci"))).toBe(true);
    expect(code.lines.join("\n")).not.toMatch(/added \d+ packages/);

    relock(Date.now() + 1);
    const changed = await tools.build("node-again", folder.path, { offline: true });
    expect(changed.lines.join("\n")).toMatch(/added \d+ packages/);
  });
});
