import grpc from "@grpc/grpc-js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { messageLimits } from "./limits.ts";
import type { Severity } from "./provider.ts";

const SEVERITIES = {
  debug: engineMessages.LogSeverity.DEBUG,
  info: engineMessages.LogSeverity.INFO,
  warning: engineMessages.LogSeverity.WARNING,
  error: engineMessages.LogSeverity.ERROR,
};

export interface EngineLog {
  write(severity: Severity, urn: string, message: string, ephemeral: boolean): void;
  /** Resolves when every line written so far has arrived (or can never arrive). */
  flush(): Promise<void>;
  close(): void;
}

/** Lines arrive in the order written; a line that cannot be delivered (the engine ended) is dropped. */
export function openEngineLog(address: string): EngineLog {
  const engine = new engineServices.EngineClient(address, grpc.credentials.createInsecure(), messageLimits);
  let last: Promise<void> = Promise.resolve();
  return {
    write(severity, urn, message, ephemeral) {
      const request = new engineMessages.LogRequest();
      request.setSeverity(SEVERITIES[severity]);
      request.setUrn(urn);
      request.setMessage(message);
      request.setEphemeral(ephemeral);
      last = last.then(() => new Promise((done) => engine.log(request, () => done())));
    },
    flush: () => last,
    close: () => engine.close(),
  };
}
