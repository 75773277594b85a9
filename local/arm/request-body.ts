import type { IncomingMessage } from "node:http";
import { ArmError } from "./errors.ts";

/** Azure docs, ARM limits: the size of a request. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024; /* 4 MiB */

/** The parsed JSON body; undefined when there is none. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const text = (await collect(request)).toString("utf8");
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ArmError("InvalidRequestContent", `The request content was invalid and could not be deserialized: '${(error as Error).message}'.`);
  }
}

/** What is too much is still read, and thrown away: a client that is writing would not see the refusal. */
function collect(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(new ArmError("RequestContentTooLarge", `The request content size exceeds the maximum size of ${MAX_BODY_BYTES} bytes.`, 413));
      }
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("error", reject);
  });
}
