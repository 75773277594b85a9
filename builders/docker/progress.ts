import { stripVTControlCharacters } from "node:util";
import { decodeStatus } from "./buildkit-status.ts";
import type { Vertex } from "./buildkit-status.ts";

/** One message of the engine's build, pull and push streams. */
export interface EngineMessage {
  id?: string;
  /** Base64 for `moby.buildkit.trace`, an object otherwise. */
  aux?: string | { ID?: string; Tag?: string; Digest?: string; Size?: number };
  stream?: string;
  status?: string;
  progress?: string;
  error?: string;
  errorDetail?: { code?: number; message?: string };
}

/** Lines of the failed step that an error quotes. */
const QUOTED_LINES = 20;

interface Step {
  name: string;
  announced: boolean;
  /** The line that has not ended yet. */
  open: string;
  lastLines: string[];
  error: string;
}

/** Turns the engine's messages into lines for people, and remembers what the failed step said. */
export class BuildProgress {
  readonly #steps = new Map<string, Step>();
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  take(message: EngineMessage): void {
    if (message.id === "moby.buildkit.trace" && typeof message.aux === "string") {
      const status = decodeStatus(message.aux);
      for (const vertex of status.vertices) this.#vertex(vertex);
      for (const { vertex, text } of status.logs) this.#text(this.#step(vertex), text);
      for (const warning of status.warnings) this.#onLine(`WARNING: ${warning}`);
    } else if (message.stream !== undefined) {
      this.#classic(message.stream);
    }
  }

  /** The name and last lines of the step that failed; empty when the build never came to a step. */
  failedStep(): { name: string; lines: string[] } | undefined {
    const steps = [...this.#steps.values()];
    // Steps beside the failed one are canceled, which they call an error as well.
    const failed = steps.find(({ error }) => error !== "" && !/context canceled/.test(error)) ?? this.#steps.get(CLASSIC);
    if (failed === undefined) return undefined;
    const lines = failed.open.trim() === "" ? failed.lastLines : [...failed.lastLines, readable(failed.open)];
    return { name: failed.name, lines: lines.slice(-QUOTED_LINES) };
  }

  #step(digest: string): Step {
    const step = this.#steps.get(digest) ?? { name: "", announced: false, open: "", lastLines: [], error: "" };
    this.#steps.set(digest, step);
    return step;
  }

  #vertex(vertex: Vertex): void {
    const step = this.#step(vertex.digest);
    step.name = vertex.name;
    step.error = vertex.error;
    if (!vertex.started || step.announced) return;
    step.announced = true;
    this.#onLine(vertex.cached ? `CACHED ${vertex.name}` : vertex.name);
  }

  #text(step: Step, text: string): void {
    const lines = (step.open + text).split("\n");
    step.open = lines.pop() ?? "";
    for (const line of lines.map(readable).filter((line) => line !== "")) {
      step.lastLines = [...step.lastLines, line].slice(-QUOTED_LINES);
      this.#onLine(line);
    }
  }

  /** The builder before BuildKit: `Step 2/3 : RUN ...`, then what it writes. */
  #classic(stream: string): void {
    const step = this.#step(CLASSIC);
    if (/^Step \d+\/\d+ : /.test(stream)) Object.assign(step, { name: stream.trim(), lastLines: [] });
    this.#text(step, stream);
  }
}

const CLASSIC = "classic builder";

/** As a terminal would leave it: without colours, and with what was last written over the line. */
function readable(line: string): string {
  return stripVTControlCharacters(line).trimEnd().split("\r").at(-1) ?? "";
}
