import type { handleUnaryCall } from "@grpc/grpc-js";
import { toServiceError } from "./errors.ts";
import type { EngineConnection, EngineConnections } from "./connections.ts";
import type { RequestContext, ResourceContext } from "./provider.ts";
import { requestSignals, type RequestSignals } from "./request-signals.ts";

/** azure-native's default for creations, updates and deletions without `customTimeouts`. */
const DEFAULT_TIMEOUT_SECONDS = 2 * 60 * 60;

/** What a request is about. */
interface Resource {
  urn: string;
  timeoutSeconds: number;
}

const NO_RESOURCE: Resource = { urn: "", timeoutSeconds: DEFAULT_TIMEOUT_SECONDS };

interface ResourceRequest {
  getUrn(): string;
  getTimeout?(): number;
}

export interface Answering {
  plainly<Q, A>(answer: (request: Q, context: RequestContext, peer: string) => Promise<A>): handleUnaryCall<Q, A>;
  forResource<Q extends ResourceRequest, A>(answer: (request: Q, context: ResourceContext) => Promise<A>): handleUnaryCall<Q, A>;
}

/** Turns promises into gRPC answers, and gives each request its connection's log, settings and abort signals. */
export function answering(connections: EngineConnections): Answering {
  function handler<Q, A>(answer: (request: Q, context: RequestContext, peer: string) => Promise<A>, resourceOf: (request: Q) => Resource): handleUnaryCall<Q, A> {
    return (call, callback) => {
      const connection = connections.of(call.getPeer());
      const { urn, timeoutSeconds } = resourceOf(call.request);
      const signals = requestSignals(connection.cancel.signal, timeoutSeconds * 1000);
      call.on("cancelled", signals.leave);
      connection.active += 1;
      void answer(call.request, contextOf(connection, urn, signals), call.getPeer())
        // The engine drops lines that arrive after the resource's own answer.
        .finally(() => connection.log?.flush())
        .then(
          (response) => callback(null, response),
          (error: unknown) => {
            if (isMistakeOfOurs(error)) console.error(error);
            callback(toServiceError(error));
          },
        )
        .finally(() => {
          signals.release();
          connection.active -= 1;
        });
    };
  }

  return {
    plainly: (answer) => handler(answer, () => NO_RESOURCE),
    forResource: (answer) =>
      handler(
        (request, context) => {
          const urn = request.getUrn();
          return answer(request, { ...context, urn, type: typeOf(urn), name: urn.split("::").at(-1) ?? "" });
        },
        (request) => ({ urn: request.getUrn(), timeoutSeconds: timeoutOf(request) }),
      ),
  };
}

function contextOf(connection: EngineConnection, urn: string, { signal, gone }: RequestSignals): RequestContext {
  return {
    config: connection.config,
    log: (severity, message, options) => connection.log?.write(severity, urn, message, options?.ephemeral ?? false),
    signal,
    gone,
  };
}

function timeoutOf(request: ResourceRequest): number {
  const seconds = request.getTimeout?.() ?? 0;
  return seconds > 0 ? seconds : DEFAULT_TIMEOUT_SECONDS;
}

/** `urn:pulumi:<stack>::<project>::<parents>$<type>::<name>` */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** A stack is for whoever repairs the miniature, in its log; the engine's user only sees the message. */
function isMistakeOfOurs(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}
