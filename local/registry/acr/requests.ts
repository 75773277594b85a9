import { isRepository, split } from "../paths.ts";
import { CATALOG_SCOPE, repositoryScope, type Scope } from "../scopes.ts";

/** What a request to `/acr/v1` is about. */
export interface AcrRequest {
  kind: "catalog" | "repository" | "tags" | "tag" | "manifests" | "manifest";
  repository: string;
  /** The tag or digest, of `tag` and `manifest`. */
  reference: string;
  query: URLSearchParams;
  needs: Scope[];
}

const KINDS = { _tags: ["tags", "tag"], _manifests: ["manifests", "manifest"] } as const;

/** As the challenges of ACR name them (recordings of Azure's SDK tests). */
const ACTIONS: Record<string, string> = { GET: "metadata_read", PATCH: "metadata_write", DELETE: "delete" };

/** Understands a request line, or answers `undefined` for what ACR does not have. */
export function readAcrRequest(method: string, target: string): AcrRequest | undefined {
  const { path, query: text } = split(target);
  const query = new URLSearchParams(text);
  if (path === "/acr/v1/_catalog") return method === "GET" ? { kind: "catalog", repository: "", reference: "", query, needs: [CATALOG_SCOPE] } : undefined;

  const match = /^\/acr\/v1\/(.+?)(?:\/(_tags|_manifests)(?:\/([\w.+:-]+))?)?$/.exec(path ?? "");
  const repository = match?.[1];
  const action = ACTIONS[method];
  if (!match || !repository || !isRepository(repository) || !action) return undefined;
  const part = match[2] as keyof typeof KINDS | undefined;
  const reference = match[3] ?? "";
  const kind = part === undefined ? "repository" : KINDS[part][reference === "" ? 0 : 1];
  // Lists are only read, and a manifest is deleted through /v2.
  if (method !== "GET" && (kind === "tags" || kind === "manifests")) return undefined;
  if (method === "DELETE" && kind === "manifest") return undefined;
  return { kind, repository, reference, query, needs: [repositoryScope(repository, action)] };
}
