import { requireAction } from "./authorization/require.ts";
import { ArmError, notEmulated } from "./errors.ts";
import { answer, AZURE_ENDPOINT, type ArmRequest, type ArmResponse } from "./request.ts";
import { formatResourceId, parseArmPath, subscriptionOf, typeOf, type ResourceId } from "./resource-id.ts";
import type { Call, Context, Endpoints, Verb } from "./service.ts";

const API_VERSION = /^\d{4}-\d{2}-\d{2}(-[a-z]+(\.\d+)?)?$/i;
const ANY_NAMESPACE = "*";
const SUBSCRIPTIONS = "microsoft.resources/subscriptions";

/** Finds who answers a request, after the checks that ARM makes before any service sees it. */
export function createDispatcher(table: Endpoints[], context: Context): (request: ArmRequest) => Promise<ArmResponse> {
  const byType = new Map(table.map((endpoints) => [endpoints.type.toLowerCase(), endpoints]));

  function endpointsOf(target: ResourceId): Endpoints | undefined {
    return byType.get(typeOf(target).toLowerCase()) ?? byType.get([ANY_NAMESPACE, ...target.types].join("/").toLowerCase());
  }

  return async (request) => {
    const target = parseArmPath(request.path);
    if (!target) throw notEmulated(`the path '${request.path}'`);
    const apiVersion = checkApiVersion(request.query.get("api-version"));
    checkSubscription(target, context);

    const endpoints = endpointsOf(target);
    const isItem = target.names.length === target.types.length;
    const verb = (isItem ? endpoints?.item : endpoints?.collection)?.[request.method];
    if (!verb) throw unknown(request.method, target, endpoints !== undefined);

    const call: Call = { request, endpoint: request.endpoint ?? AZURE_ENDPOINT, apiVersion, target, id: idOf(target), context };
    authorize(verb, call);
    return (await verb.handle(call)) ?? answer(200);
  };
}

function authorize({ action }: Verb, { context, request, id }: Call): void {
  if (action !== null) requireAction(context, request.principalId, action, id);
}

/** For a collection or an action, the id of what owns it. */
function idOf(target: ResourceId): string {
  const { types, names } = target;
  if (names.length === 0 && types.length > 0) return target.scope;
  return formatResourceId({ ...target, types: types.slice(0, names.length) });
}

function checkApiVersion(apiVersion: string | null): string {
  if (!apiVersion) {
    throw new ArmError("MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
  }
  if (!API_VERSION.test(apiVersion)) throw new ArmError("InvalidApiVersionParameter", `The api-version '${apiVersion}' is invalid.`);
  return apiVersion;
}

function checkSubscription(target: ResourceId, { subscriptionId }: Context): void {
  const asked = subscriptionOf(target.scope) ?? (typeOf(target).toLowerCase() === SUBSCRIPTIONS ? target.names[0] : undefined);
  if (asked === undefined || asked.toLowerCase() === subscriptionId.toLowerCase()) return;
  throw new ArmError("SubscriptionNotFound", `The subscription '${asked}' could not be found.`, 404);
}

function unknown(method: string, target: ResourceId, typeIsKnown: boolean): ArmError {
  const type = typeOf(target);
  if (typeIsKnown) return notEmulated(`${method} of ${type}`);
  if (method === "POST" && target.types.length > 1) {
    return notEmulated(`the action '${target.types.at(-1)}' of ${typeOf({ ...target, types: target.types.slice(0, -1) })}`);
  }
  return notEmulated(`the resource type ${type}`);
}
