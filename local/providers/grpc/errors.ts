import grpc from "@grpc/grpc-js";
import anys from "google-protobuf/google/protobuf/any_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { encodeProperties } from "./property-encoding.ts";
import type { PropertyMap } from "./property-values.ts";

/**
 * The resource exists, but its operation failed. The engine keeps `id`, `outputs` and the reasons in the state,
 * and the next update updates the resource instead of creating it again.
 */
export class InitFailedError extends Error {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
  constructor(message: string, resource: { id: string; inputs: PropertyMap; outputs: PropertyMap }) {
    super(message);
    this.name = "InitFailedError";
    this.id = resource.id;
    this.inputs = resource.inputs;
    this.outputs = resource.outputs;
  }
}

/** What the engine is told: the message as it is, without a stack. */
export function toServiceError(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  const status: Partial<grpc.StatusObject> = { code: grpc.status.UNKNOWN, details: message };
  if (error instanceof InitFailedError) status.metadata = initFailedTrailer(error);
  return status;
}

/** google.rpc.Status with a pulumirpc.ErrorResourceInitFailed in it, as the trailer that grpc-go reads details from. */
function initFailedTrailer(error: InitFailedError): grpc.Metadata {
  const detail = new providerMessages.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setReasonsList([error.message]);
  detail.setProperties(encodeProperties(error.outputs));
  detail.setInputs(encodeProperties(error.inputs));
  const packed = new anys.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statusMessages.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(error.message);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}
