import type { Candidate } from "../recipe.ts";
import type { Serving } from "./frameworks.ts";

/** What a way of serving runs and needs. */
interface Server {
  /** @param target `module:variable`, `module:factory()`, or what runs a script */
  command: (target: string[], port: number) => string[];
  /** Installed where the tool's own dependencies bring none; not newer than this. */
  requirement?: string;
  /** @default http */
  protocol?: "mcp";
}

/** Where templates put what no tool brings itself. */
export const HELPERS = "/opt/toolwharf";
const UVICORN = "uvicorn<=0.54.0";

/** The ingress is the only way in, so its X-Forwarded headers are believed. */
const uvicorn: Server = {
  command: ([target = ""], port) => ["uvicorn", "--host", "0.0.0.0", "--port", String(port), "--proxy-headers", "--forwarded-allow-ips", "*", ...(target.endsWith("()") ? ["--factory", target.slice(0, -2)] : [target])],
  requirement: UVICORN,
};

/** One process, as the smallest container has a quarter of a CPU; threads, as tools wait for others. */
const gunicorn: Server = {
  command: ([target = ""], port) => [
    "gunicorn", "--bind", `0.0.0.0:${port}`, "--workers", "1", "--threads", "16",
    // Its heartbeat file would otherwise be on the container's disk, which may block.
    "--worker-tmp-dir", "/dev/shm",
    target,
  ],
  requirement: "gunicorn<=27.0.1",
};

const mcpApp: Server = { command: ([target = ""], port) => ["python", `${HELPERS}/serve_mcp.py`, target, String(port)], requirement: UVICORN, protocol: "mcp" };

/** The bridge is in an environment of its own: it needs other versions of the same packages. */
const mcpStdio: Server = {
  command: (target, port) => ["/opt/bridge/bin/mcp-proxy", "--host", "0.0.0.0", "--port", String(port), "--pass-environment", "--", "python", `${HELPERS}/end_with_server.py`, ...target],
  protocol: "mcp",
};

const script: Server = { command: (target) => target };

export const SERVERS: Readonly<Record<Serving, Server>> = { uvicorn, gunicorn, "mcp-app": mcpApp, "mcp-stdio": mcpStdio, script };

/** The path that says that an MCP server is up. */
export const MCP_HEALTH: Readonly<Partial<Record<Serving, NonNullable<Candidate["healthPath"]>>>> = {
  "mcp-app": { value: "/health", why: "the server that it is run by answers it beside /mcp" },
  "mcp-stdio": { value: "/status", why: "the bridge answers it beside /mcp" },
};
