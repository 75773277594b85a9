/**
 * Serves the files of a folder: `node serve-site.cjs <folder> [port]`. Only regular files that were there at the start,
 * by exact names, so that no path can lead out of the folder and no name that begins with a dot is served.
 */
export const STATIC_SERVER = `"use strict";
const { createHash } = require("node:crypto");
const { createReadStream, readdirSync, readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { extname, join, relative } = require("node:path");
const { pipeline } = require("node:stream");

const TYPES = {
  ".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".json": "application/json", ".map": "application/json",
  ".webmanifest": "application/manifest+json", ".xml": "application/xml", ".txt": "text/plain; charset=utf-8", ".md": "text/markdown; charset=utf-8",
  ".csv": "text/csv; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
  ".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon", ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf",
  ".mp3": "audio/mpeg", ".mp4": "video/mp4", ".webm": "video/webm", ".pdf": "application/pdf", ".wasm": "application/wasm", ".zip": "application/zip",
};

const root = process.argv[2];
const files = new Map();
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const url = relative(root, path);
  if (!entry.isFile() || url.split("/").some((name) => name.startsWith(".") || name === "node_modules")) continue;
  const content = readFileSync(path);
  files.set("/" + url, { path, size: content.length, tag: '"' + createHash("sha256").update(content).digest("base64url").slice(0, 22) + '"' });
}

/** What a path stands for: itself, the index of a folder, or a page without its ending. */
function find(path) {
  if (path.endsWith("/")) return files.get(path + "index.html");
  return files.get(path) ?? files.get(path + ".html");
}

const server = createServer((request, response) => {
  const [raw, query] = request.url.split(/\\?(.*)/s);
  const done = (status, headers = {}, text = "") => {
    response.writeHead(status, { "Content-Length": Buffer.byteLength(text), "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", ...headers });
    response.end(request.method === "HEAD" ? undefined : text);
  };
  if (request.method !== "GET" && request.method !== "HEAD") return done(405, { Allow: "GET, HEAD" }, "Method Not Allowed\\n");
  let path;
  try {
    path = decodeURIComponent(raw);
  } catch {
    return done(400, {}, "Bad Request\\n");
  }
  let file = find(path);
  if (!file && files.has(path + "/index.html") && !path.startsWith("//")) return done(308, { Location: raw + "/" + (query ? "?" + query : "") });
  if (!file && path === "/health") return done(200, { "Cache-Control": "no-store" }, "ok\\n");
  const status = file ? 200 : 404;
  file ??= files.get("/404.html");
  if (!file) return done(404, {}, "Not Found\\n");
  const headers = {
    "Content-Type": TYPES[extname(file.path).toLowerCase()] ?? "application/octet-stream",
    "Content-Length": file.size,
    // Asked again each time, and answered with nothing when it is the same: a site changes with its deployment.
    "Cache-Control": "no-cache",
    ETag: file.tag,
    "X-Content-Type-Options": "nosniff",
  };
  const known = (request.headers["if-none-match"] ?? "").split(",").map((tag) => tag.trim().replace(/^W\\//, ""));
  if (status === 200 && (known.includes(file.tag) || known.includes("*"))) {
    delete headers["Content-Length"];
    response.writeHead(304, headers);
    return response.end();
  }
  response.writeHead(status, headers);
  if (request.method === "HEAD") return response.end();
  pipeline(createReadStream(file.path), response, () => {});
});
server.listen(Number(process.env.PORT || 8000), "0.0.0.0");
`;
