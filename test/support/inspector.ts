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
  const call = (method: string): Promise<Record<string, number>> =>
    new Promise((resolve) => {
      const id = ++last;
      const listen = ({ data }: MessageEvent) => {
        const answer = JSON.parse(String(data)) as { id?: number; result?: Record<string, number> };
        if (answer.id !== id) return;
        socket.removeEventListener("message", listen);
        resolve(answer.result ?? {});
      };
      socket.addEventListener("message", listen);
      socket.send(JSON.stringify({ id, method }));
    });
  return {
    async usedHeap() {
      // What a first collection makes unreachable by finalizers, the second one takes.
      for (const _ of [1, 2]) await call("HeapProfiler.collectGarbage");
      return (await call("Runtime.getHeapUsage")).usedSize!;
    },
    close: () => socket.close(),
  };
}
