import type { ArmRequest, ArmResponse } from "../../local/arm/request.ts";

type Json = Record<string, unknown>;

/** ARM in a few lines: it stores what is put, without any rule, and does what a test tells it to. */
export interface MemoryArm {
  handle(request: ArmRequest): Promise<ArmResponse>;
  documents: Map<string, Json>;
  requests: Array<{ method: string; path: string; apiVersion: string | null; body: unknown }>;
  /** What ARM adds to a document of this type (last part of the provider path), merged into its `properties`. */
  adds: Record<string, Json>;
  /** Answers the next request of this method with it, instead of doing anything. */
  refuse(method: string, response: ArmResponse): void;
  /** The next PUT or DELETE is an operation that stays in progress until it is ended, once somebody has asked for it. */
  holdNext(): HeldOperation;
}

export interface HeldOperation {
  succeed(): void;
  fail(code: string, message: string): void;
}

interface Operation {
  status: "InProgress" | "Succeeded" | "Failed";
  error?: { code: string; message: string };
  onSuccess(): void;
  onAsked?(): void;
}

export function memoryArm(): MemoryArm {
  const documents = new Map<string, Json>();
  const operations = new Map<string, Operation>();
  const refusals: Array<{ method: string; response: ArmResponse }> = [];
  let held: ((operation: Operation) => void) | undefined;

  function begin(request: ArmRequest, body: Json | undefined, onSuccess: () => void): ArmResponse {
    const status = body === undefined ? 202 : 201;
    if (held === undefined) {
      onSuccess();
      return { status: body === undefined ? 204 : status, headers: {}, body };
    }
    const operation: Operation = { status: "InProgress", onSuccess };
    held(operation);
    held = undefined;
    const name = `op${operations.size + 1}`;
    operations.set(name, operation);
    const link = `${request.endpoint}/subscriptions/s/providers/x/locations/l/operationStatuses/${name}?api-version=1`;
    return { status, headers: { "azure-asyncoperation": link }, body };
  }

  const arm: MemoryArm = {
    documents,
    requests: [],
    adds: {},
    refuse: (method, response) => refusals.push({ method, response }),
    holdNext: () => {
      const asked = new Promise<Operation>((resolve) => {
        held = (operation) => (operation.onAsked = () => resolve(operation));
      });
      return {
        succeed: () =>
          void asked.then((operation) => {
            operation.status = "Succeeded";
            operation.onSuccess();
          }),
        fail: (code, message) => void asked.then((operation) => Object.assign(operation, { status: "Failed", error: { code, message } })),
      };
    },
    async handle(request) {
      const { method, path, body } = request;
      arm.requests.push({ method, path, apiVersion: request.query.get("api-version"), body });
      const refused = refusals.findIndex((refusal) => refusal.method === method);
      if (refused !== -1) return refusals.splice(refused, 1)[0]!.response;
      const operation = operations.get(path.split("/operationStatuses/")[1] ?? "");
      if (operation !== undefined) {
        const { status, error } = operation;
        operation.onAsked?.();
        return { status: 200, headers: {}, body: { status, error } };
      }
      const id = decodeURIComponent(path);
      const key = id.toLowerCase();
      if (method === "POST") return { status: 200, headers: {}, body: { primarySharedKey: "key-1", secondarySharedKey: "key-2" } };
      if (method === "GET") {
        const found = documents.get(key);
        if (found !== undefined) return { status: 200, headers: {}, body: structuredClone(found) };
        return { status: 404, headers: {}, body: { error: { code: "ResourceNotFound", message: `The Resource '${id}' was not found.` } } };
      }
      if (method === "DELETE") return begin(request, undefined, () => documents.delete(key));
      const parts = id.split("/");
      const type = parts.at(-2) ?? "";
      const { properties = {}, ...envelope } = body as Json;
      const added = arm.adds[type] ?? {};
      const document = { id, name: parts.at(-1), type: `Microsoft.Test/${type}`, ...envelope, properties: { ...(properties as Json), ...added, provisioningState: "Succeeded" } };
      documents.set(key, document);
      return begin(request, document, () => undefined);
    },
  };
  return arm;
}
