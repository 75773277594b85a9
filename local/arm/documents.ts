import type { DocumentStore } from "../document-store.ts";
import type { ArmDocument } from "./hosts.ts";

/** A resource as it is stored: what is asked for, and what an answer must never show. */
export interface StoredResource {
  /** With everything that was sent, secrets of an app included. */
  document: ArmDocument;
  /** Operation that last worked on it. */
  operationId?: string;
  /** What the service made and only a POST reveals: shared keys of a workspace. */
  secrets?: Record<string, string>;
}

/** The resources, by id. */
export interface Documents {
  get(id: string): StoredResource | undefined;
  put(resource: StoredResource): void;
  delete(id: string): void;
  /** Everything below a scope, of one type if that is given; sorted by id. */
  within(scope: string, type?: string): StoredResource[];
}

export function openDocuments(store: DocumentStore): Documents {
  const keyOf = (id: string) => `arm${id.replace(/\/+$/, "")}`;
  return {
    get: (id) => store.get<StoredResource>(keyOf(id)),
    put: (resource) => store.put(keyOf(resource.document.id), resource),
    delete: (id) => store.delete(keyOf(id)),
    within: (scope, type) =>
      store
        .list<StoredResource>(`${keyOf(scope)}/`)
        .map(({ value }) => value)
        .filter(({ document }) => type === undefined || document.type.toLowerCase() === type.toLowerCase()),
  };
}
