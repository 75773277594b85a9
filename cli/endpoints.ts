import { table } from "./table.ts";

/** Of the stack's outputs; see the outputs contract in README. */
export interface ToolOutput {
  url?: string;
  fqdn?: string;
  image?: string;
  revision?: string;
  route?: string;
}

/** `tools` of a stack's outputs, sorted by name; `[]` for a stack that has deployed nothing. */
export function toolsOf(outputs: Record<string, unknown>): Array<[string, ToolOutput]> {
  const tools = outputs.tools;
  if (tools === null || typeof tools !== "object") return [];
  return Object.entries(tools as Record<string, ToolOutput>).sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * A table of the tools and a line to try each, by its own address and by its path route.
 *
 * @param caFile of the miniature; on Azure the system's authorities are right
 */
export function renderEndpoints(outputs: Record<string, unknown>, caFile?: string): string {
  const tools = toolsOf(outputs);
  if (tools.length === 0) return "no tools\n";
  const rows = tools.map(([name, { url, revision, image }]) => [name, url ?? "-", revision ?? "-", image ?? "-"]);
  const tries = tools.flatMap(([, { url, route }]) => [url, route].flatMap((each) => (each ? [`  curl ${caFile ? `--cacert ${quoted(caFile)} ` : ""}${each}\n`] : [])));
  return `${table(["tool", "URL", "revision", "image"], rows)}${tries.length > 0 ? `\n${tries.join("")}` : ""}`;
}

/** For a shell that the line is pasted into. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
