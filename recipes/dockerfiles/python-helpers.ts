/**
 * Runs an MCP server object over streamable HTTP, and answers /health unless the server has a route of that path. Its
 * list of allowed hosts is widened where it is the libraries' default for servers on a laptop: behind an ingress, the
 * host is the ingress's.
 */
export const SERVE_MCP = `"""Serves an MCP server at /mcp: serve_mcp.py <module>:<object or factory()> <port>"""
import importlib
import inspect
import sys

import uvicorn

HEALTH = "/health"


def load(target):
    module, _, path = target.partition(":")
    server = importlib.import_module(module)
    for name in path.removesuffix("()").split("."):
        server = getattr(server, name)
    return server() if path.endswith("()") else server


def accepted(function, **options):
    known = inspect.signature(function).parameters
    return {name: value for name, value in options.items() if name in known}


def is_local(host):
    return host.startswith(("127.0.0.1", "localhost", "[::1]"))


def application(server):
    if hasattr(server, "http_app"):
        return server.http_app(**accepted(server.http_app, host_origin_protection=False))
    security = getattr(getattr(server, "settings", None), "transport_security", None)
    if security is not None and all(is_local(host) for host in security.allowed_hosts):
        server.settings.transport_security = None
    return server.streamable_http_app(**accepted(server.streamable_http_app, host="0.0.0.0"))


class WithHealth:
    def __init__(self, app):
        self.app = app
        self.missing = all(getattr(route, "path", None) != HEALTH for route in getattr(app, "routes", []))

    async def __call__(self, scope, receive, send):
        if not (self.missing and scope["type"] == "http" and scope["path"] == HEALTH and scope["method"] in ("GET", "HEAD")):
            return await self.app(scope, receive, send)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"15")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"status":"ok"}' if scope["method"] == "GET" else b""})


if __name__ == "__main__":
    app = WithHealth(application(load(sys.argv[1])))
    # The ingress is the only way in, so its X-Forwarded headers are believed.
    uvicorn.run(app, host="0.0.0.0", port=int(sys.argv[2]), lifespan="on", proxy_headers=True, forwarded_allow_ips="*")
`;

/** The bridge answers as before when its server has died: it is ended too, so that the container is started again. */
export const END_WITH_SERVER = `"""Runs a stdio server, and ends the bridge that started it when the server ends: end_with_server.py <command>..."""
import os
import signal
import subprocess
import sys

bridge = os.getppid()
code = subprocess.run(sys.argv[1:]).returncode
# Python handles this one from its start, which counts for a first process.
os.kill(bridge, signal.SIGINT)
sys.exit(code)
`;
