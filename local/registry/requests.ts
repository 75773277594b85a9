import type { Scope } from "./scopes.ts";

/** What a request to `/v2` touches, and the scopes its token must cover. */
export interface RegistryRequest {
  kind: "base" | "catalog" | "manifest" | "other";
  repository?: string;
  /** Tag or digest of a manifest request. */
  reference?: string;
  needs: Scope[];
}

/** The distribution specification's grammar of a repository name; it leaves no room for `..`, `%` or empty segments. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const NAME_LIMIT = 255;

const READS = new Set(["GET", "HEAD"]);

/** Understands a request line, or answers `undefined` for a path that a registry does not have (or that hides one). */
export function readRequest(method: string, url: string): RegistryRequest | undefined {
  const [path = "", query = ""] = url.split("?", 2);
  if (path === "/v2" || path === "/v2/") return { kind: "base", needs: [] };
  if (path === "/v2/_catalog") return { kind: "catalog", needs: [{ type: "registry", name: "catalog", actions: ["*"] }] };

  const match = /^\/v2\/(.+)\/(?:(manifests|blobs|referrers)\/([^/]+)|(blobs\/uploads)\/([^/]*)|(tags\/list))$/.exec(path);
  const repository = match?.[1];
  if (!match || !repository || repository.length > NAME_LIMIT || !REPOSITORY.test(repository)) return undefined;

  const needs = [{ type: "repository", name: repository, actions: actionsFor(method, match[4] !== undefined) }];
  const mountedFrom = new URLSearchParams(query).get("from");
  if (mountedFrom) needs.push({ type: "repository", name: mountedFrom, actions: ["pull"] });
  return match[2] === "manifests" ? { kind: "manifest", repository, reference: match[3]!, needs } : { kind: "other", repository, needs };
}

function actionsFor(method: string, upload: boolean): string[] {
  if (upload) return ["pull", "push"];
  if (READS.has(method)) return ["pull"];
  return method === "DELETE" ? ["delete"] : ["pull", "push"];
}
