import type { Writable } from "node:stream";

/** What a command writes to, and whether a person is there to answer. */
export interface Terminal {
  stdout: Writable;
  stderr: Writable;
  /** Somebody reads the output on a terminal and can answer a question. */
  interactive: boolean;
  /** Colour on standard error; red is only for errors. */
  colour: boolean;
  /** At most 80, so that help and tables read the same everywhere. */
  columns: number;
}

const MAX_COLUMNS = 80;

export function processTerminal(): Terminal {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    interactive: Boolean(process.stdin.isTTY && process.stdout.isTTY),
    colour: Boolean(process.stderr.isTTY) && !process.env.NO_COLOR,
    columns: Math.min(process.stdout.columns ?? MAX_COLUMNS, MAX_COLUMNS),
  };
}

/** One line for people, apart from what the command answers on standard output. */
export function say(terminal: Terminal, line: string): void {
  terminal.stderr.write(`${line}\n`);
}
