import type { Runtime } from "../runtimes.ts";

/** What starts a tool; each has its command in serving.ts. */
export type Serving = "uvicorn" | "gunicorn" | "mcp-app" | "mcp-stdio" | "script";

export interface Framework {
  /** As reasons call its constructor. */
  shown: string;
  runtime: Runtime;
  /** On PyPI, normalised. */
  package: string;
  serving: Exclude<Serving, "script">;
}

const mcp = (shown: string, name: string): Framework => ({ shown, runtime: "python", package: name, serving: "mcp-app" });
const lowLevel: Framework = { shown: "Server", runtime: "python", package: "mcp", serving: "mcp-stdio" };
const asgi = (shown: string, name: string): Framework => ({ shown, runtime: "python", package: name, serving: "uvicorn" });
const wsgi = (shown: string, name: string): Framework => ({ shown, runtime: "python", package: name, serving: "gunicorn" });

/** Full name of a constructor to what it constructs. */
export const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  "fastapi.FastAPI": { shown: "FastAPI", runtime: "python-fastapi", package: "fastapi", serving: "uvicorn" },
  "fastapi.applications.FastAPI": { shown: "FastAPI", runtime: "python-fastapi", package: "fastapi", serving: "uvicorn" },
  "flask.Flask": { shown: "Flask", runtime: "python-flask", package: "flask", serving: "gunicorn" },
  "flask.app.Flask": { shown: "Flask", runtime: "python-flask", package: "flask", serving: "gunicorn" },
  "starlette.applications.Starlette": asgi("Starlette", "starlette"),
  "quart.Quart": asgi("Quart", "quart"),
  "litestar.Litestar": asgi("Litestar", "litestar"),
  "falcon.asgi.App": asgi("falcon.asgi.App", "falcon"),
  "falcon.App": wsgi("falcon.App", "falcon"),
  "bottle.Bottle": wsgi("Bottle", "bottle"),
  "django.core.wsgi.get_wsgi_application": wsgi("get_wsgi_application", "django"),
  "fastmcp.FastMCP": mcp("FastMCP", "fastmcp"),
  "fastmcp.server.FastMCP": mcp("FastMCP", "fastmcp"),
  "mcp.server.fastmcp.FastMCP": mcp("FastMCP", "mcp"),
  "mcp.server.FastMCP": mcp("FastMCP", "mcp"),
  // The official SDK's second major version calls it so.
  "mcp.server.MCPServer": mcp("MCPServer", "mcp"),
  "mcp.server.mcpserver.MCPServer": mcp("MCPServer", "mcp"),
  "mcp.server.Server": lowLevel,
  "mcp.server.lowlevel.Server": lowLevel,
  "mcp.server.lowlevel.server.Server": lowLevel,
};

/** Packages that make a folder a tool even before its application is found. */
export const TELLING_PACKAGES = ["fastapi", "flask", "fastmcp", "mcp"] as const;

/** Installed without being asked for where a folder has no list of dependencies: the import's name to what it needs. */
export const IMPLIED_PACKAGES: Readonly<Record<string, string>> = {
  flask: "flask",
  fastapi: "fastapi",
  fastmcp: "fastmcp",
  mcp: "mcp",
  starlette: "starlette",
  quart: "quart",
  uvicorn: "uvicorn",
  aiohttp: "aiohttp",
  tornado: "tornado",
  waitress: "waitress",
  pydantic: "pydantic",
  httpx: "httpx",
  requests: "requests",
};

/** Functions and classes that listen, by full name. */
export const LISTENERS: ReadonlySet<string> = new Set([
  "uvicorn.run", "uvicorn.Server", "uvicorn.Config", "hypercorn.asyncio.serve", "waitress.serve", "aiohttp.web.run_app", "aiohttp.web.TCPSite", "bottle.run", "cherrypy.quickstart",
  "http.server.HTTPServer", "http.server.ThreadingHTTPServer", "socketserver.TCPServer", "socketserver.ThreadingTCPServer", "wsgiref.simple_server.make_server",
  "asyncio.start_server", "gevent.pywsgi.WSGIServer", "tornado.httpserver.HTTPServer", "xmlrpc.server.SimpleXMLRPCServer", "granian.Granian",
]);
/** Those that listen on 127.0.0.1 unless they are told otherwise. */
export const LOCAL_BY_DEFAULT: ReadonlySet<string> = new Set(["uvicorn.run", "uvicorn.Config", "bottle.run"]);
