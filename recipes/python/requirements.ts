import { posix } from "node:path";
import type { Problem } from "../errors.ts";
import type { Source } from "../source.ts";
import { hasCredentials, privateIndex } from "./private-index.ts";

/** Requirement files with everything they include, in one form: UTF-8, a requirement a line, no comments. */
export interface Requirements {
  /** What is installed before the code is there. */
  lines: string[];
  constraints: string[];
  /** What is in the tool's own folder: `-e .`, `./wheels/a.whl`; installed when the code is there. */
  local: string[];
  /** Names as PyPI compares them, with the requirement as written and where. */
  asked: Asked[];
  hashes: boolean;
  prerelease: boolean;
  /** Something is fetched with git. */
  git: boolean;
  problems: Problem[];
}

export interface Asked {
  name: string;
  text: string;
  file: string;
  line: number;
}

/** PEP 503. */
export const normalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");

/** `requests` of `requests[socks]>=2 ; python_version > "3"`. */
export function nameOf(requirement: string): string | undefined {
  const name = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/.exec(requirement)?.[0];
  return name === undefined ? undefined : normalName(name);
}

/** Options of a requirement file that uv takes there. */
const PASSED = new Set(["--index-url", "-i", "--extra-index-url", "--find-links", "-f", "--no-index", "--no-binary", "--only-binary"]);

export async function readRequirements(source: Source, file: string): Promise<Requirements> {
  const found: Requirements = { lines: [], constraints: [], local: [], asked: [], hashes: false, prerelease: false, git: false, problems: [] };
  await readFile(source, file, found, found.lines, new Set());
  return found;
}

async function readFile(source: Source, file: string, found: Requirements, into: string[], seen: Set<string>): Promise<void> {
  if (seen.has(file)) return;
  seen.add(file);
  for (const { text, line } of logicalLines(await requirementsText(source, file))) {
    const [option, value] = optionOf(text);
    if (option === "-r" || option === "--requirement" || option === "-c" || option === "--constraint") {
      const included = posix.join(posix.dirname(file), value);
      if (included.startsWith("..") || !source.has(included)) found.problems.push({ code: "DEPENDENCIES_INVALID", message: `includes ${JSON.stringify(value)}, which is not in the folder`, file, line, value });
      else await readFile(source, included, found, option === "-c" || option === "--constraint" ? found.constraints : into, seen);
    } else readRequirement(found, into, { text, option, value, file, line });
  }
}

function readRequirement(found: Requirements, into: string[], { text, option, value, file, line }: { text: string; option?: string; value: string; file: string; line: number }): void {
  if (hasCredentials(text)) found.problems.push(privateIndex(file, line, text));
  else if (isLocal(option === undefined ? text : value) && (option === undefined || option === "-e" || option === "--editable")) found.local.push(text);
  else if (option === "--require-hashes") found.hashes = true;
  else if (option === "--pre") found.prerelease = true;
  else if (option !== undefined && option !== "-e" && option !== "--editable") {
    if (PASSED.has(option)) into.push(text);
  } else {
    into.push(text);
    const requirement = option === undefined ? text : (/[#&]egg=([\w.-]+)/.exec(value)?.[1] ?? "");
    const name = nameOf(requirement);
    if (name !== undefined && into === found.lines) found.asked.push({ name, text: requirement.split(" --hash=")[0]!.trim(), file, line });
    found.hashes ||= text.includes(" --hash=");
    found.git ||= /(?:^|\s|@|=)git\+/.test(text);
  }
}

const isLocal = (text: string): boolean => /^(?:\.{1,2}(?:[/\\[]|$)|file:|[\w.@/-]+\.(?:whl|tar\.gz|zip)$)/.test(text.replace(/\s.*$/, ""));

/** `-r base.txt`, `-rbase.txt`, `--index-url=https://...` */
function optionOf(text: string): [string | undefined, string] {
  const found = /^(--[\w-]+)(?:[= ]\s*(.*))?$|^(-[a-zA-Z])\s*(.*)$/.exec(text);
  return found ? [found[1] ?? found[3], (found[2] ?? found[4] ?? "").trim().replace(/^(["'])(.*)\1$/, "$2")] : [undefined, ""];
}

/** Without comments, continued lines joined; as pip reads them. */
function logicalLines(text: string): Array<{ text: string; line: number }> {
  const lines: Array<{ text: string; line: number }> = [];
  let begun: { text: string; line: number } | undefined;
  for (const [at, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const plain = raw.replace(/(^|\s)#.*$/, "").trimEnd();
    const isContinued = plain.endsWith("\\");
    const part = isContinued ? plain.slice(0, -1) : plain;
    begun = begun ? { ...begun, text: `${begun.text} ${part.trim()}` } : { text: part.trim(), line: at + 1 };
    if (isContinued) continue;
    if (begun.text.trim() !== "") lines.push({ ...begun, text: begun.text.trim() });
    begun = undefined;
  }
  if (begun && begun.text.trim() !== "") lines.push({ ...begun, text: begun.text.trim() });
  return lines;
}

/** PowerShell's `pip freeze > requirements.txt` writes UTF-16 with a byte order mark. */
async function requirementsText(source: Source, file: string): Promise<string> {
  const bytes = await source.files.find(({ path }) => path === file)!.read();
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return await source.text(file);
}
