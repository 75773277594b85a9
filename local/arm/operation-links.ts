import { ArmError } from "./errors.ts";
import type { Operation } from "./operations.ts";
import { answer } from "./request.ts";
import { parseResourceId } from "./resource-id.ts";
import type { Call, Endpoints, Verb } from "./service.ts";

/** Clients wait this long between two questions, when they heed it. */
const RETRY_AFTER_SECONDS = "1";

/** Headers by which a client follows an operation: its status, and the place that in the end has the result. */
export function operationHeaders(operation: Operation, location: string, { endpoint, apiVersion, target, context }: Call): Record<string, string> {
  const base = `${endpoint}/subscriptions/${context.subscriptionId}/providers/${target.namespace}/locations/${location}`;
  return {
    "azure-asyncoperation": `${base}/operationStatuses/${operation.id}?api-version=${apiVersion}`,
    location: `${base}/operationResults/${operation.id}?api-version=${apiVersion}`,
    "retry-after": RETRY_AFTER_SECONDS,
  };
}

/** Serves `.../locations/<location>/operationStatuses|operationResults/<id>` of every namespace. */
export function operationEndpoints(showResource: (id: string, call: Call) => unknown): Endpoints[] {
  const find = (call: Call): Operation => {
    const id = call.target.names.at(-1) ?? "";
    const operation = call.context.operations.get(id);
    if (!operation) throw new ArmError("OperationNotFound", `The operation '${id}' was not found.`, 404);
    return operation;
  };

  const status: Verb = {
    action: null,
    handle(call) {
      const { id, status, startTime, endTime, error } = find(call);
      const body = { id: call.id, name: id, status, startTime, ...(endTime && { endTime }), ...(error && { error }) };
      return answer(200, body, status === "InProgress" ? { "retry-after": RETRY_AFTER_SECONDS } : {});
    },
  };

  const result: Verb = {
    action: null,
    handle(call) {
      const operation = find(call);
      if (operation.status === "InProgress") {
        return answer(202, undefined, operationHeaders(operation, call.target.names[0] ?? "", call));
      }
      if (operation.error) throw new ArmError(operation.error.code, operation.error.message, 409);
      return operation.kind === "remove" || !parseResourceId(operation.resourceId)
        ? answer(204)
        : answer(200, showResource(operation.resourceId, call));
    },
  };

  return [
    { type: "*/locations/operationStatuses", item: { GET: status } },
    { type: "*/locations/operationResults", item: { GET: result } },
  ];
}
