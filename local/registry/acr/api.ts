import type { IncomingMessage, ServerResponse } from "node:http";
import { disallowed, manifestUnknown, refuse, repositoryUnknown, tagUnknown, type RegistryError } from "../answers.ts";
import type { AttributeStore, Subject } from "../attributes.ts";
import type { Content, Stored } from "../content.ts";
import type { Locks } from "../locks.ts";
import { readChange } from "./change.ts";
import { factsOf } from "./manifest-facts.ts";
import { pageOf, sizeOf, type Listed } from "./pages.ts";
import type { AcrRequest } from "./requests.ts";
import { manifestView, repositoryView, tagView } from "./views.ts";

/** What of a registry its data plane speaks about. */
export interface Metadata {
  content: Content;
  attributes: AttributeStore;
  locks: Locks;
}

/** Answers a request to `/acr/v1` whose token has been found to cover it. */
export async function serveAcr(metadata: Metadata, loginServer: string, wanted: AcrRequest, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (wanted.kind === "catalog") return serveCatalog(metadata, "/acr/v1/_catalog", wanted.query, response);
  const { content, attributes } = metadata;
  const { repository, reference } = wanted;
  const [tags, manifests] = await Promise.all([content.tags(repository), content.manifests(repository)]);
  const missing = missingOf(wanted, tags, manifests);
  // What is to go and has gone is no error (Azure's clients expect 404 here, and pass over it).
  if (missing) return refuse(response, 404, missing);
  const subject: Subject = wanted.kind === "tag" || wanted.kind === "manifest" ? { repository, reference } : { repository };

  if (request.method === "DELETE") return remove(metadata, subject, tags, manifests, response);
  if (request.method === "PATCH") {
    const change = await readChange(request);
    if (!change) return refuse(response, 400, { code: "BAD_REQUEST", message: "the body must be an object whose attributes are true or false" });
    attributes.change(subject, change);
  }

  const registry = { registry: loginServer, imageName: repository };
  const listed = (each: Stored) => attributes.of({ repository, reference: each.name }).listEnabled;
  const viewOfTag = (tag: Stored) => tagView(tag, attributes.of({ repository, reference: tag.name }));
  const viewOfManifest = async (manifest: Stored) =>
    manifestView(
      manifest,
      await factsOf(content, manifest.digest),
      tags.filter(({ digest }) => digest === manifest.digest).map(({ name }) => name),
      attributes.of({ repository, reference: manifest.digest }),
    );
  const path = `/acr/v1/${encodeURIComponent(repository)}`;
  switch (wanted.kind) {
    case "repository":
      return answer(response, repositoryView(loginServer, repository, tags, manifests, attributes.of(subject)));
    case "tags": {
      const of = wanted.query.get("digest");
      const shown = tags.filter((tag) => listed(tag) && (!of || tag.digest === of));
      return servePage(shown, `${path}/_tags`, wanted.query, response, (page) => ({ ...registry, tags: page.map(viewOfTag) }));
    }
    case "tag":
      return answer(response, { ...registry, tag: viewOfTag(tags.find(({ name }) => name === reference)!) });
    case "manifests":
      return servePage(manifests.filter(listed), `${path}/_manifests`, wanted.query, response, async (page) => ({
        ...registry,
        manifests: await Promise.all(page.map(viewOfManifest)),
      }));
    case "manifest":
      return answer(response, { ...registry, manifest: await viewOfManifest(manifests.find(({ name }) => name === reference)!) });
  }
}

/** Repositories that may be listed; `/v2/_catalog` is the same list under another address. */
export async function serveCatalog({ content, attributes }: Metadata, path: string, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const shown = (await content.repositories()).filter((repository) => attributes.of({ repository }).listEnabled).map((name) => ({ name }));
  return servePage(shown, path, query, response, (page) => ({ repositories: page.map(({ name }) => name) }));
}

async function remove({ content, attributes, locks }: Metadata, subject: Subject, tags: Stored[], manifests: Stored[], response: ServerResponse): Promise<void> {
  if (!(await locks.permit("delete", subject))) return refuse(response, 405, disallowed());
  const { repository, reference } = subject;
  if (reference === undefined) await content.removeRepository(repository);
  else await content.removeTag(repository, reference);
  await attributes.prune(repository, content);
  if (reference === undefined) return answer(response, { manifestsDeleted: manifests.map(({ digest }) => digest), tagsDeleted: tags.map(({ name }) => name) }, 202);
  response.writeHead(202, { "content-length": 0, "docker-distribution-api-version": "registry/2.0" });
  response.end();
}

function missingOf({ kind, repository, reference }: AcrRequest, tags: Stored[], manifests: Stored[]): RegistryError | undefined {
  if (manifests.length === 0) return repositoryUnknown(repository);
  if (kind === "tag" && !tags.some(({ name }) => name === reference)) return tagUnknown();
  if (kind === "manifest" && !manifests.some(({ name }) => name === reference)) return manifestUnknown(repository, reference);
  return undefined;
}

async function servePage<Item extends Listed>(
  all: Item[],
  path: string,
  query: URLSearchParams,
  response: ServerResponse,
  body: (page: Item[]) => unknown,
): Promise<void> {
  const size = sizeOf(query);
  if (size === undefined) return refuse(response, 400, { code: "PAGINATION_NUMBER_INVALID", message: "n must be a positive whole number", detail: { n: query.get("n") } });
  const { items, next } = pageOf(all, path, query, size);
  answer(response, await body(items), 200, next ? { link: `<${next}>; rel="next"` } : {});
}

function answer(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "docker-distribution-api-version": "registry/2.0", ...headers });
  response.end(JSON.stringify(body));
}
