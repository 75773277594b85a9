import type { DocumentStore } from "../document-store.ts";

/** Someone who can hold a role: the caller, or the service principal behind a managed identity. */
export interface Principal {
  principalId: string;
  type: "User" | "ServicePrincipal";
  displayName: string;
  /** Application (client) id; service principals only. */
  clientId?: string;
  /** The managed identity it stands for. */
  resourceId?: string;
}

export interface Principals {
  find(principalId: string): Principal | undefined;
  add(principal: Principal): void;
  remove(principalId: string): void;
}

export function openPrincipals(store: DocumentStore): Principals {
  const keyOf = (principalId: string) => `entra/principals/${principalId}`;
  return {
    find: (principalId) => store.get<Principal>(keyOf(principalId)),
    add: (principal) => store.put(keyOf(principal.principalId), principal),
    remove: (principalId) => store.delete(keyOf(principalId)),
  };
}
