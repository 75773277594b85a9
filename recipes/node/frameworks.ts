import type { Origin } from "./bindings.ts";

/** What a call or a constructor makes. */
export type Made = "app" | "router" | "http" | "fastify" | "fastmcp" | "mcp-http" | "mcp-stdio" | "mcp-local-app" | "serve";

export interface Framework {
  /** As people write it: `express()`. */
  shown: string;
  makes: Made;
}

const HTTP: Framework = { shown: "http.createServer()", makes: "http" };
const STREAMABLE: Framework = { shown: "StreamableHTTPServerTransport", makes: "mcp-http" };
const STDIO: Framework = { shown: "StdioServerTransport", makes: "mcp-stdio" };
const MCP_EXPRESS: Framework = { shown: "createMcpExpressApp()", makes: "mcp-local-app" };

/** Exports of packages by `module name`; the module without `node:`. A member of a default export counts as an export. */
const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  "express default": { shown: "express()", makes: "app" },
  "express Router": { shown: "Router()", makes: "router" },
  "fastify default": { shown: "fastify()", makes: "fastify" },
  "fastify fastify": { shown: "fastify()", makes: "fastify" },
  "hono Hono": { shown: "new Hono()", makes: "app" },
  "hono/tiny Hono": { shown: "new Hono()", makes: "app" },
  "hono/quick Hono": { shown: "new Hono()", makes: "app" },
  "@hono/zod-openapi OpenAPIHono": { shown: "new OpenAPIHono()", makes: "app" },
  "@hono/node-server serve": { shown: "serve()", makes: "serve" },
  "koa default": { shown: "new Koa()", makes: "app" },
  "@koa/router default": { shown: "new Router()", makes: "app" },
  "koa-router default": { shown: "new Router()", makes: "app" },
  "http createServer": HTTP,
  "http Server": HTTP,
  "https createServer": { shown: "https.createServer()", makes: "http" },
  "fastmcp FastMCP": { shown: "new FastMCP()", makes: "fastmcp" },
  "@modelcontextprotocol/sdk/server/streamableHttp StreamableHTTPServerTransport": STREAMABLE,
  "@modelcontextprotocol/node NodeStreamableHTTPServerTransport": STREAMABLE,
  "@modelcontextprotocol/sdk/server/stdio StdioServerTransport": STDIO,
  "@modelcontextprotocol/server/stdio StdioServerTransport": STDIO,
  "@modelcontextprotocol/server StdioServerTransport": STDIO,
  "@modelcontextprotocol/sdk/server/express createMcpExpressApp": MCP_EXPRESS,
  "@modelcontextprotocol/express createMcpExpressApp": MCP_EXPRESS,
};

export function frameworkOf({ module, name }: Origin): Framework | undefined {
  const key = `${module.replace(/^node:/, "").replace(/\.js$/, "")} ${name}`;
  return Object.hasOwn(FRAMEWORKS, key) ? FRAMEWORKS[key] : undefined;
}
