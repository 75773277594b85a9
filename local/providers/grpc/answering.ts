import type { handleUnaryCall, ServerUnaryCall } from "@grpc/grpc-js";
import { toServiceError } from "./errors.ts";
import type { EngineConnection, EngineConnections } from "./connections.ts";
import type { RequestContext, ResourceContext } from "./provider.ts";

/** azure-native's default for creations, updates and deletions without `customTimeouts`. */
const DEFAULT_TIMEOUT_SECONDS = 2 * 60 * 60;

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
  function handler<Q, A>(answer: (call: ServerUnaryCall<Q, A>, connection: EngineConnection) => Promise<A>): handleUnaryCall<Q, A> {
    return (call, callback) => {
      const connection = connections.of(call.getPeer());
      connection.active += 1;
      void answer(call, connection)
        // The engine drops lines that arrive after the resource's own answer.
        .finally(() => connection.log?.flush())
        .then(
          (response) => callback(null, response),
          (error: unknown) => {
            if (isMistakeOfOurs(error)) console.error(error);
            callback(toServiceError(error));
          },
        )
        .finally(() => (connection.active -= 1));
    };
  }

  return {
    plainly: (answer) => handler((call, connection) => answer(call.request, contextOf(call, connection, "", 0), call.getPeer())),
    forResource: (answer) =>
      handler((call, connection) => {
        const urn = call.request.getUrn();
        const context = contextOf(call, connection, urn, call.request.getTimeout?.() ?? 0);
        return answer(call.request, { ...context, urn, type: typeOf(urn), name: urn.split("::").at(-1) ?? "" });
      }),
  };
}

function contextOf<Q, A>(call: ServerUnaryCall<Q, A>, connection: EngineConnection, urn: string, timeoutSeconds: number): RequestContext {
  const gone = new AbortController();
  call.on("cancelled", () => gone.abort(new Error("the engine is gone")));
  const seconds = timeoutSeconds > 0 ? timeoutSeconds : DEFAULT_TIMEOUT_SECONDS;
  return {
    config: connection.config,
    log: (severity, message, options) => connection.log?.write(severity, urn, message, options?.ephemeral ?? false),
    signal: AbortSignal.any([gone.signal, connection.cancel.signal, AbortSignal.timeout(seconds * 1000)]),
    gone: gone.signal,
  };
}

/** `urn:pulumi:<stack>::<project>::<parents>$<type>::<name>` */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** A stack is for whoever repairs the miniature, in its log; the engine's user only sees the message. */
function isMistakeOfOurs(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}
