import type { AttributeStore, Attributes, Subject } from "./attributes.ts";
import type { Content } from "./content.ts";
import type { RegistryRequest } from "./requests.ts";

export type Deed = "read" | "write" | "delete";

/** Azure docs, "Lock a container image": what may not be written may not be deleted either. */
const permits = (attributes: Attributes, deed: Deed): boolean =>
  deed === "read" ? attributes.readEnabled : attributes.writeEnabled && (deed === "write" || attributes.deleteEnabled);

/** Whether the locks of a registry let a request pass. */
export interface Locks {
  permit(deed: Deed, subject: Subject): Promise<boolean>;
  /** The same for a request to `/v2`. */
  admit(method: string, wanted: RegistryRequest): Promise<boolean>;
}

export function openLocks(attributes: AttributeStore, content: Content): Locks {
  const permit = async (deed: Deed, subject: Subject): Promise<boolean> =>
    // Most repositories have no locks, and a pull need not list their tags.
    !attributes.any(subject.repository) || (await touched(deed, subject, content)).every((each) => permits(attributes.of(each), deed));
  return {
    permit,
    admit: (method, { kind, repository, reference }) =>
      repository === undefined ? Promise.resolve(true) : permit(kind === "upload" ? "write" : deedOf(method), reference === undefined ? { repository } : { repository, reference }),
  };
}

/**
 * What a deed touches: the repository and what is named; the manifest that a read tag leads to; when a manifest goes, the tags that
 * go with it; when a repository goes, all that is in it. A tag that is moved leaves the manifest that it pointed at as it is.
 */
async function touched(deed: Deed, subject: Subject, content: Content): Promise<Subject[]> {
  const { repository, reference } = subject;
  const within = (names: string[]): Subject[] => names.map((name) => ({ repository, reference: name }));
  if (reference === undefined) {
    if (deed !== "delete") return [{ repository }];
    const all = [...(await content.tags(repository)), ...(await content.manifests(repository))];
    return [{ repository }, ...within(all.map(({ name }) => name))];
  }
  const isDigest = reference.includes(":");
  if (isDigest && deed === "delete") {
    const tags = (await content.tags(repository)).filter(({ digest }) => digest === reference);
    return [{ repository }, subject, ...within(tags.map(({ name }) => name))];
  }
  if (!isDigest && deed === "read") {
    const tag = (await content.tags(repository)).find(({ name }) => name === reference);
    return [{ repository }, subject, ...within(tag ? [tag.digest] : [])];
  }
  return [{ repository }, subject];
}

const deedOf = (method: string): Deed => (method === "GET" || method === "HEAD" ? "read" : method === "DELETE" ? "delete" : "write");
