import type { ServerResponse } from "node:http";
import { writeScopes, type Scope } from "./scopes.ts";

export interface RegistryError {
  code: string;
  message: string;
  detail?: unknown;
}

/** ACR's own sentence; `docker`, `az` and Container Apps print it as it is. */
const UNAUTHORIZED_MESSAGE = "authentication required, visit https://aka.ms/acr/authorization for more information.";

/** ACR names one action for each entry of the detail: `[{"Type":"repository","Name":"api","Action":"pull"}]`. */
export const unauthorized = (needs: Scope[] = []): RegistryError => ({
  code: "UNAUTHORIZED",
  message: UNAUTHORIZED_MESSAGE,
  detail: needs.length === 0 ? null : needs.flatMap(({ type, name, actions }) => actions.map((action) => ({ Type: type, Name: name, Action: action }))),
});

/** ACR's words, where the distribution registry says only "manifest unknown". */
export const manifestUnknown = (repository: string, reference: string): RegistryError =>
  reference.includes(":")
    ? { code: "MANIFEST_UNKNOWN", message: `manifest ${reference} is not found`, detail: { Name: repository, Revision: reference } }
    : { code: "MANIFEST_UNKNOWN", message: `manifest tagged by "${reference}" is not found`, detail: { Tag: reference } };

/** Recorded from ACR, as are the words of `disallowed`; those of `repositoryUnknown` are from `az`'s messages. */
export const tagUnknown = (): RegistryError => ({ code: "TAG_UNKNOWN", message: "the specified tag does not exist" });

export const repositoryUnknown = (repository: string): RegistryError => ({
  code: "NAME_UNKNOWN",
  message: `repository "${repository}" is not found`,
  detail: { name: repository },
});

/** What a locked repository, tag or manifest answers, with status 405. */
export const disallowed = (): RegistryError => ({
  code: "REGISTRY_DISALLOWED_OPERATION",
  message:
    "The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation",
  detail: {},
});

export function refuse(response: ServerResponse, status: number, error: RegistryError, headers: Record<string, string> = {}): void {
  const body = JSON.stringify({ errors: [{ code: error.code, message: error.message, detail: error.detail }] });
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "docker-distribution-api-version": "registry/2.0",
    ...headers,
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

/** `Www-Authenticate` of ACR; `insufficient` when there is a valid token that does not cover what was asked. */
export function challenge(loginServer: string, needs: Scope[], insufficient: boolean): Record<string, string> {
  const parts = [`realm="https://${loginServer}/oauth2/token"`, `service="${loginServer}"`];
  if (needs.length > 0) parts.push(`scope="${writeScopes(needs)}"`);
  if (insufficient) parts.push('error="insufficient_scope"');
  return { "www-authenticate": `Bearer ${parts.join(",")}` };
}
