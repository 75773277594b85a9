import { describe, expect, test } from "@jest/globals";
import { moduleFacts } from "../../../recipes/node/module-facts.ts";
import { servingOf } from "../../../recipes/node/serving.ts";
import { parseCode } from "../../../recipes/node/syntax-tree.ts";

const serving = (code: string, path = "server.js") => servingOf([moduleFacts(parseCode(path, code))], false);
const EXPRESS = 'const app = require("express")();\n';

describe("a server is seen however it is imported", () => {
  test.each([
    ['import express from "express"; const app = express();', "express()"],
    ['import * as express from "express"; const app = express.default();', "express()"],
    ['const app = require("express")();', "express()"],
    ['import { fastify as f } from "fastify"; const app = f({});', "fastify()"],
    ['const { Hono } = await import("hono"); const app = new Hono();', "new Hono()"],
    ['import { Hono } from "hono"; const app = new Hono<{ Bindings: {} }>();', "new Hono()"],
    ['import { createServer as make } from "node:http"; make(() => {});', "http.createServer()"],
    ['const http = require("http"); new http.Server();', "http.createServer()"],
    ['import https from "https"; https.createServer({});', "https.createServer()"],
    ['import Koa from "koa"; export default new Koa();', "new Koa()"],
  ])("%s", (code, shown) => {
    expect(serving(code, "server.ts").framework?.value.shown).toBe(shown);
  });

  test.each([['// express()\nconst text = "const app = express()";'], ['import type { Hono } from "hono"; new Hono();'], ["function express() {}\nexpress();"], ['import { createServer } from "./http.js"; createServer();']])("and not in %j", (code) => {
    expect(serving(code, "server.ts").framework).toBeUndefined();
  });
});

describe("the port", () => {
  test.each([
    ["app.listen(3000);", 3000],
    ["const PORT = 4000; app.listen(PORT, () => {});", 4000],
    ['app.listen(process.env.API_PORT || "5000");', 5000],
    ["const port = parseInt(process.env.APP_PORT ?? '6000', 10); app.listen(port);", 6000],
    ["app.listen({ port: 7000, host: '0.0.0.0' });", 7000],
    ["app.listen(process.env.PORT || 3000);", undefined],
    ['app.listen(process.env["PORT"] ?? 3000);', undefined],
    ["const { PORT = 3000 } = process.env; app.listen(PORT);", undefined],
    ["const PORT = Number(process.env.PORT) || 3000; const at = PORT; app.listen(at);", undefined],
    ["import { port } from './config.js'; app.listen(port);", undefined],
    ["const config = { port: 1, admin: 2 }; app.listen(config.port);", undefined],
    ["app.listen(process.env.PORT); metrics.listen(9090);", undefined],
    [`app.listen(Number(["50", "00"].join("")));`, undefined],
    ["app.listen(80 + 8000);", undefined],
    ["// app.listen(3000)\n", undefined],
  ])("of %j is %p", (code, port) => {
    expect(serving(EXPRESS + code).port?.value).toBe(port);
  });

  test("of two that are written has to be chosen", () => {
    expect(serving(`${EXPRESS}app.listen(3000);\nadmin.listen(3001);`).problems).toEqual([expect.objectContaining({ code: "RECIPE_AMBIGUOUS", message: expect.stringContaining("port: 3000 (server.js:2), port: 3001 (server.js:3)") })]);
  });
});

describe("listening where nothing outside reaches it", () => {
  test.each([["app.listen(3000, 'localhost');"], ["const HOST = '127.0.0.1'; app.listen(3000, HOST);"], ["app.listen({ port: 1, host: '::1' });"]])("is refused in %j", (code) => {
    expect(serving(EXPRESS + code).problems).toEqual([expect.objectContaining({ code: "LISTENS_LOCALLY", file: "server.js", line: 2 })]);
  });

  test.each([["app.listen(3000);"], ["app.listen(3000, () => {});"], ["app.listen(3000, '0.0.0.0');"], ["app.listen(3000, process.env.HOST);"]])("is not in %j", (code) => {
    expect(serving(EXPRESS + code).problems).toEqual([]);
  });

  const FASTIFY = 'const app = require("fastify")();\n';
  test.each([["app.listen({ port: 1 });", 1], ["app.listen();", 1], ["const options = { port: 1 }; app.listen(options);", 1], ["app.listen({ ...options });", 0], ["app.listen(options());", 0], ["app.listen({ port: 1, host });", 0]])("Fastify %j: %p", (code, problems) => {
    expect(serving(FASTIFY + code).problems).toHaveLength(problems);
  });

  test("the SDK's Express app answers for localhost only", () => {
    const code = (args: string) => `import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";\nconst app = createMcpExpressApp(${args});`;
    expect(serving(code("")).problems).toHaveLength(1);
    expect(serving(code('{ host: "localhost" }')).problems).toHaveLength(1);
    expect(serving(code('{ host: "0.0.0.0" }'))).toMatchObject({ speaks: "mcp", problems: [] });
  });
});

describe("the health path", () => {
  test.each([
    ['app.get("/", f); app.get("/healthz", f);', "/healthz"],
    ['app.get("/items", f); app.get("/", f);', "/"],
    ['app.post("/health", f);', undefined],
    ['app.get("/health");', undefined],
    ['const router = express.Router(); router.get("/health", f);', undefined],
    ['cache.get("/health", 1);', undefined],
    ['if (request.url === "/livez") end();', "/livez"],
    ['switch (path) { case "/status": end(); }', "/status"],
  ])("of %j is %p", (code, path) => {
    expect(serving(EXPRESS + code).health?.value).toBe(path);
    expect(serving(EXPRESS + code).answersHealth).toBe(path === undefined);
  });
});

describe("FastMCP", () => {
  const code = (start: string) => serving(`import { FastMCP } from "fastmcp";\nconst server = new FastMCP({});\n${start}`);
  test("is told how to be reached where the code does not say", () => {
    expect(code("server.start();").environment!(8080)).toEqual({ FASTMCP_TRANSPORT: "httpStream", FASTMCP_HOST: "0.0.0.0", FASTMCP_PORT: "8080" });
    expect(code('server.start({ transportType: "httpStream", httpStream: { port: 9000 } });')).toMatchObject({ speaks: "mcp", port: { value: 9000 }, problems: [] });
    expect(code('server.start({ transportType: "httpStream", httpStream: { host: "localhost" } });').problems).toHaveLength(1);
  });
  test("over stdio is bridged", () => {
    expect(code('server.start({ transportType: "stdio" });')).toMatchObject({ speaks: "mcp-stdio", health: { value: "/ping" } });
  });
});

test("code that makes no sense is read all the same", () => {
  expect(serving(`${EXPRESS}app.listen(3000\n}}) => ;;; "`).framework?.value.shown).toBe("express()");
});

test("long and deep code is read in a moment", () => {
  const began = performance.now();
  const chain = `${EXPRESS}app${".get('/a', f)".repeat(20_000)};\n`;
  const ports = `${EXPRESS}${"const a = a + a + a + a + a;\n".repeat(2_000)}${"app.listen(a + a + a + a);\n".repeat(5_000)}`;
  const deep = `${EXPRESS}app.listen(${"(".repeat(50_000)}1${")".repeat(50_000)});`;
  for (const code of [chain, ports, deep]) serving(code);
  expect(performance.now() - began).toBeLessThan(12_000);
});

test("a path far down a chain is seen", () => {
  expect(serving(`import { Hono } from "hono";\nconst app = new Hono()${".get('/a', f)".repeat(120)}.get("/health", f);`).health?.value).toBe("/health");
});
