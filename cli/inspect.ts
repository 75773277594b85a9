import { basename, resolve } from "node:path";
import { RecipeError } from "../recipes/errors.ts";
import { folderTree } from "../recipes/folder-tree.ts";
import { inspectTool } from "../recipes/inspection.ts";
import type { Inspection } from "../recipes/inspection.ts";
import type { CommandOptions } from "./commands.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

export async function run({ folder, json }: CommandOptions, terminal: Terminal): Promise<number> {
  const path = resolve(folder as string);
  try {
    const inspection = await inspectTool(folderTree(path), basename(path));
    terminal.stdout.write(json ? `${JSON.stringify(answerOf(inspection), null, 2)}\n` : render(inspection));
    return 0;
  } catch (error) {
    if (!json || !(error instanceof RecipeError)) throw error;
    terminal.stdout.write(`${JSON.stringify({ error: error.message, code: error.code, details: error.details }, null, 2)}\n`);
    return 1;
  }
}

/** Every key is always there: what a recipe does not have is null, and a command that the image brings is empty. */
function answerOf({ name, group, recipe, reasons, contentHash, image, context }: Inspection): object {
  const { runtime, protocol, entrypoint = null, command = [], port, healthPath, packageManager = null, environment, dockerfile, build } = recipe;
  return {
    name,
    group,
    runtime,
    protocol,
    entrypoint,
    command,
    port,
    healthPath,
    packageManager,
    environment,
    reasons,
    dockerfile,
    build: { dockerfile: build.own?.path ?? null, context: build.context, target: build.target ?? null, args: build.args, platform: build.platform },
    contentHash,
    image,
    context,
  };
}

function render({ recipe, reasons, contentHash, image, context }: Inspection): string {
  const { runtime, protocol, entrypoint, command, port, healthPath, packageManager, dockerfile, build } = recipe;
  const rows = [
    ["runtime", runtime],
    ["protocol", protocol],
    ...(entrypoint === undefined ? [] : [["entry point", entrypoint]]),
    ["command", command ? JSON.stringify(command) : "the image's own"],
    ["port", String(port)],
    ["health path", healthPath],
    ...(packageManager === undefined ? [] : [["packages by", packageManager]]),
    ["content hash", contentHash],
    ["image", image],
    ["context", `${context.files} files, ${sizeOf(context.bytes)}`],
  ];
  const indented = (lines: string[]) => lines.map((line) => `  ${line}`.trimEnd()).join("\n");
  return [
    table(["", ""], rows).trimStart(),
    `Why:\n${indented(reasons.map((reason) => `- ${reason}`))}\n`,
    `Largest files:\n${indented(table(["", ""], context.largest.map(({ path, bytes }) => [sizeOf(bytes), path])).trim().split("\n"))}\n`,
    `${build.own ? `Dockerfile (${build.own.path}, unchanged)` : "Dockerfile (generated)"}:\n${indented(dockerfile.trimEnd().split(/\r?\n/))}\n`,
  ].join("\n");
}

/** With one decimal: `12.3 KiB`. */
function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
