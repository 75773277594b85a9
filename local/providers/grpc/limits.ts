/** 400 MB, the engine's own limit (Pulumi, sdk/go/common/util/rpcutil); grpc-js would stop at 4 MB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

export const messageLimits = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
};
