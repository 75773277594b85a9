import { messagesOf, readFields, text } from "./protobuf.ts";

/** One step of a build. It is told several times: when it starts and when it ends. */
export interface Vertex {
  digest: string;
  /** `[build 2/4] RUN pip install -r requirements.txt` */
  name: string;
  cached: boolean;
  started: boolean;
  completed: boolean;
  /** Empty unless the step failed. */
  error: string;
}

export interface BuildkitStatus {
  vertices: Vertex[];
  /** What a step wrote, in pieces that need not end with a line. */
  logs: Array<{ vertex: string; text: string }>;
  warnings: string[];
}

/**
 * A `moby.buildkit.trace` message: moby.buildkit.v1.StatusResponse (BuildKit, api/services/control/control.proto),
 * in base64. Byte counts of transfers (field 2) are left out.
 */
export function decodeStatus(base64: string): BuildkitStatus {
  const response = readFields(Buffer.from(base64, "base64"));
  return {
    vertices: messagesOf(response, 1).map((vertex) => ({
      digest: text(vertex, 1),
      name: text(vertex, 3),
      cached: vertex.get(4)?.at(-1) === 1,
      started: vertex.has(5),
      completed: vertex.has(6),
      error: text(vertex, 7),
    })),
    logs: messagesOf(response, 3).map((log) => ({ vertex: text(log, 1), text: text(log, 4) })),
    warnings: messagesOf(response, 4).map((warning) => text(warning, 3)),
  };
}
