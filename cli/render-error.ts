import type { Terminal } from "./terminal.ts";

/** What an error needs to be shown to people; classes of several folders have it, so it is told by shape. */
interface ForPeople extends Error {
  code: string;
  value?: string;
  allowed?: string;
  next?: string;
}

const USER_ERROR = 1;
const BUG = 2;
const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** Codes of Node and of the operating system, which look like ours: an error with one is a bug here. */
const SYSTEM_CODE = /^ERR_|^UV_|^DEP_/;

/**
 * Writes the error for people: code, cause, value, what is allowed, the next command. Never a stack, unless
 * TOOLWHARF_DEBUG is set.
 *
 * @returns the exit code: 1 for what the user can mend, 2 for a bug
 */
export function renderError(error: unknown, terminal: Terminal, debug = Boolean(process.env.TOOLWHARF_DEBUG)): number {
  const forPeople = isForPeople(error);
  terminal.stderr.write(`${forPeople ? describe(error, terminal.colour) : describeBug(error, terminal.colour)}\n`);
  if (debug && error instanceof Error) terminal.stderr.write(`${error.stack}\n`);
  return forPeople ? USER_ERROR : BUG;
}

function describe({ code, message, value, allowed, next }: ForPeople, colour: boolean): string {
  const details = { value, allowed, next };
  return [
    `${red(code, colour)}: ${message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message}`,
    ...Object.entries(details).flatMap(([name, text]) => (text ? [`  ${`${name}:`.padEnd(9)}${text.replaceAll("\n", `\n${" ".repeat(11)}`)}`] : [])),
  ].join("\n");
}

function describeBug(error: unknown, colour: boolean): string {
  return [
    `${red("INTERNAL_ERROR", colour)}: ${error instanceof Error ? error.message : String(error)}`,
    "  this is a fault of toolwharf; TOOLWHARF_DEBUG=1 shows where it happened",
  ].join("\n");
}

function isForPeople(error: unknown): error is ForPeople {
  if (!(error instanceof Error)) return false;
  const { code } = error as Partial<ForPeople>;
  return typeof code === "string" && CODE.test(code) && !SYSTEM_CODE.test(code);
}

function red(text: string, colour: boolean): string {
  return colour ? `\u001b[31m${text}\u001b[39m` : text;
}
