/**
 * Preloaded by every process of Node in the image. The first process of a container ignores SIGTERM unless it listens
 * for it: this one then finishes the requests that it has and ends, as others would. And where the code answers no
 * health path of its own, TOOLWHARF_HEALTH_PATH says which one tells that the server is up.
 */
export const START = `"use strict";
const { Server } = require("node:http");
const { isMainThread } = require("node:worker_threads");

const servers = new Set();
const healthPath = process.env.TOOLWHARF_HEALTH_PATH;
const emit = Server.prototype.emit;

Server.prototype.emit = function (event, ...args) {
  if (event === "listening") servers.add(this);
  if (event === "close") servers.delete(this);
  if (event === "request" && healthPath !== undefined) answer(...args);
  return emit.call(this, event, ...args);
};

// What the tool answers counts, but for "there is nothing here": that too is said by a server that is up.
function answer(request, response) {
  if (request.url.split("?", 1)[0] !== healthPath || !["GET", "HEAD"].includes(request.method)) return;
  const writeHead = response.writeHead;
  response.writeHead = (status, ...rest) => writeHead.call(response, status >= 400 && status < 500 ? 200 : status, ...rest);
}

if (process.pid === 1 && isMainThread) {
  const end = (signal, number) => {
    if (process.listenerCount(signal) > 1) return;
    if (servers.size === 0) process.exit(128 + number);
    for (const server of servers) {
      server.close(() => servers.size === 0 && process.exit(0));
      server.closeIdleConnections();
    }
  };
  process.on("SIGTERM", () => end("SIGTERM", 15));
  process.on("SIGINT", () => end("SIGINT", 2));
}
`;

/** The bridge answers as before when its server has died: it is ended too, so that the container is started again. */
export const END_WITH_SERVER = `"use strict";
const { spawn } = require("node:child_process");

const [command, ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: "inherit" });
process.on("SIGTERM", () => server.kill("SIGTERM"));
server.on("error", (error) => console.error(error.message));
server.on("close", (code) => {
  process.kill(process.ppid, "SIGTERM");
  process.exitCode = code ?? 1;
});
`;
