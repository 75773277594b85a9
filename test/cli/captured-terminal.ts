import { Writable } from "node:stream";
import type { Terminal } from "../../cli/terminal.ts";

/** A terminal that keeps what is written. */
export function capturedTerminal(options: Partial<Pick<Terminal, "interactive" | "colour">> = {}) {
  const written = { out: "", err: "" };
  const into = (key: "out" | "err") =>
    new Writable({
      write(chunk, _encoding, done) {
        written[key] += String(chunk);
        done();
      },
    });
  const terminal: Terminal = { stdout: into("out"), stderr: into("err"), interactive: false, colour: false, columns: 80, ...options };
  return { terminal, written };
}
