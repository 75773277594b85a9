/** What a folder can be. */
export const RUNTIMES = ["python-flask", "python-fastapi", "python", "nodejs", "static", "dockerfile"] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** What an endpoint speaks: HTTP of the tool's own, or the Model Context Protocol over streamable HTTP. */
export const PROTOCOLS = ["http", "mcp"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Who reaches a tool's endpoint. */
export const ACCESS = ["public", "internal", "ip-list"] as const;
export type Access = (typeof ACCESS)[number];

/** Container Apps runs nothing else (Azure docs, containers). */
export const PLATFORM = "linux/amd64";

/** Where a tool listens and answers when nothing says otherwise. */
export const DEFAULT_PORT = 8000;
export const DEFAULT_HEALTH_PATH = "/health";
