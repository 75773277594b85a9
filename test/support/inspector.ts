import { readFileSync } from "node:fs";
import type { ScratchProject } from "./scratch-project.ts";
import { until } from "./arm-app.ts";

/** For the environment in which the miniature is started: its inspector, once asked for, takes any free port. */
export const INSPECTABLE = { NODE_OPTIONS: "--inspect-port=127.0.0.1:0" };

const ADDRESS = /^Debugger listening on (ws:\/\/\S+)$/m;

/** The miniature's process as V8's inspector sees it; opened by SIGUSR1, which Node answers without any code of ours. */
export interface Inspector {
  /** Bytes of the JavaScript heap that are in use after a full garbage collection. */
  usedHeap(): Promise<number>;
  /**
   * How many JavaScript objects (functions, arrays and the like among them) are alive after a full garbage collection. Unlike the heap's
   * bytes this hardly moves while V8 is still compiling, so a leak shows after few repetitions; strings and the bytes of buffers do not count.
   */
  objects(): Promise<number>;
  close(): void;
}

export async function inspect(project: ScratchProject): Promise<Inspector> {
  const log = () => readFileSync(project.layout.logFile, "utf8");
  process.kill(project.connection().pid, "SIGUSR1");
  await until("the inspector of the miniature", 30, () => ADDRESS.test(log()));
  const socket = new WebSocket(ADDRESS.exec(log())![1]!);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  let last = 0;
  const call = <A>(method: string, params: Record<string, unknown> = {}): Promise<A> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      const listen = ({ data }: MessageEvent) => {
        const answer = JSON.parse(String(data)) as { id?: number; result?: A; error?: { message: string } };
        if (answer.id !== id) return;
        socket.removeEventListener("message", listen);
        if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
        else resolve(answer.result!);
      };
      socket.addEventListener("message", listen);
      socket.send(JSON.stringify({ id, method, params }));
    });
  const collectGarbage = async () => {
    // What a first collection makes unreachable by finalizers, the second one takes.
    for (const _ of [1, 2]) await call("HeapProfiler.collectGarbage");
  };
  return {
    async usedHeap() {
      await collectGarbage();
      return (await call<{ usedSize: number }>("Runtime.getHeapUsage")).usedSize;
    },
    async objects() {
      await collectGarbage();
      const objectGroup = "counted";
      const prototype = await call<{ result: { objectId: string } }>("Runtime.evaluate", { expression: "Object.prototype", objectGroup });
      const found = await call<{ objects: { objectId: string } }>("Runtime.queryObjects", { prototypeObjectId: prototype.result.objectId, objectGroup });
      const length = await call<{ result: { value: number } }>("Runtime.callFunctionOn", { objectId: found.objects.objectId, functionDeclaration: "function () { return this.length; }", returnByValue: true });
      await call("Runtime.releaseObjectGroup", { objectGroup });
      return length.result.value;
    },
    close: () => socket.close(),
  };
}
