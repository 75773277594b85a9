import { isRepository, split } from "./paths.ts";
import { CATALOG_SCOPE, repositoryScope, type Scope } from "./scopes.ts";

/** What a request to `/v2` touches, and the scopes its token must cover. */
export interface RegistryRequest {
  kind: "base" | "catalog" | "manifest" | "upload" | "other";
  /** The request line's path and query as they were understood: what is passed on is what was checked. */
  url: string;
  repository?: string;
  /** Tag or digest of a manifest request. */
  reference?: string;
  needs: Scope[];
}

const READS = new Set(["GET", "HEAD"]);

/** Understands a request line, or answers `undefined` for a path that a registry does not have (or that hides one). */
export function readRequest(method: string, target: string): RegistryRequest | undefined {
  const { path, query } = split(target);
  if (path === undefined) return undefined;
  const url = query ? `${path}?${query}` : path;
  if (path === "/v2" || path === "/v2/") return { kind: "base", url, needs: [] };
  if (path === "/v2/_catalog") return { kind: "catalog", url, needs: [CATALOG_SCOPE] };

  const match = /^\/v2\/(.+)\/(?:(manifests|blobs|referrers)\/([\w.+:=-]+)|(blobs\/uploads)\/([\w.=-]*)|(tags\/list))$/.exec(path);
  const repository = match?.[1];
  if (!match || !repository || !isRepository(repository)) return undefined;

  const upload = match[4] !== undefined;
  const needs = [repositoryScope(repository, ...actionsFor(method, upload))];
  const mountedFrom = new URLSearchParams(query).get("from");
  if (mountedFrom) needs.push(repositoryScope(mountedFrom, "pull"));
  if (match[2] === "manifests") return { kind: "manifest", url, repository, reference: match[3]!, needs };
  return { kind: upload ? "upload" : "other", url, repository, needs };
}

function actionsFor(method: string, upload: boolean): string[] {
  if (upload) return ["pull", "push"];
  if (READS.has(method)) return ["pull"];
  return method === "DELETE" ? ["delete"] : ["pull", "push"];
}
