import type { DocumentStore } from "../document-store.ts";
import type { Content } from "./content.ts";

/** Azure docs, "Lock a container image": what may be done with a repository, a tag or a manifest. All true at first. */
export interface Attributes {
  deleteEnabled: boolean;
  writeEnabled: boolean;
  readEnabled: boolean;
  listEnabled: boolean;
}

const ALL: Attributes = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };

/** What the attributes belong to: a repository, or its tag or manifest (a digest) of this name. */
export interface Subject {
  repository: string;
  reference?: string;
}

/** Attributes of one registry; kept in the document store, because the storage has no place for them. */
export interface AttributeStore {
  /** Whether anything of the repository is other than "all true". */
  any(repository: string): boolean;
  of(subject: Subject): Attributes;
  change(subject: Subject, change: Partial<Attributes>): Attributes;
  /** Drops those of what the storage no longer has, so that a tag made anew is not locked by the one before it. */
  prune(repository: string, content: Content): Promise<void>;
}

/** One document a repository, with what differs from "all true" only: tags are told apart by case, keys of documents are not. */
interface Kept {
  own?: Partial<Attributes>;
  byReference: Record<string, Partial<Attributes>>;
}

/** @param prefix key of the registry's document, below which the attributes are kept */
export function openAttributes(store: DocumentStore, prefix: string): AttributeStore {
  const keyOf = (repository: string) => `${prefix}/attributes/${repository}`;
  const read = (repository: string): Kept => store.get<Kept>(keyOf(repository)) ?? { byReference: {} };
  const keptOf = (kept: Kept, reference: string | undefined) =>
    reference === undefined ? kept.own : Object.hasOwn(kept.byReference, reference) ? kept.byReference[reference] : undefined;
  const write = (repository: string, kept: Kept): void => {
    if (kept.own === undefined && Object.keys(kept.byReference).length === 0) store.delete(keyOf(repository));
    else store.put(keyOf(repository), kept);
  };
  return {
    any: (repository) => store.get<Kept>(keyOf(repository)) !== undefined,
    of: ({ repository, reference }) => ({ ...ALL, ...keptOf(read(repository), reference) }),
    change({ repository, reference }, change) {
      const kept = read(repository);
      const now = { ...ALL, ...keptOf(kept, reference), ...change };
      const differing = Object.fromEntries(Object.entries(now).filter(([, enabled]) => !enabled));
      const locked = Object.keys(differing).length > 0;
      const others = Object.entries(kept.byReference).filter(([name]) => name !== reference);
      if (reference === undefined) write(repository, { byReference: kept.byReference, ...(locked && { own: differing }) });
      else write(repository, { ...kept, byReference: Object.fromEntries(locked ? [...others, [reference, differing]] : others) });
      return now;
    },
    async prune(repository, content) {
      if (!store.get(keyOf(repository))) return;
      const manifests = await content.manifests(repository);
      const present = new Set([...manifests, ...(await content.tags(repository))].map(({ name }) => name));
      const kept = read(repository);
      const left = Object.entries(kept.byReference).filter(([name]) => present.has(name));
      write(repository, { byReference: Object.fromEntries(left), ...(kept.own && manifests.length > 0 && { own: kept.own }) });
    },
  };
}
