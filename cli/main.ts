import { enableCompileCache } from "node:module";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Before anything else is read: half of a command's start is compiling. */
enableCompileCache(fileURLToPath(new URL("../.toolwharf/cache/compile", import.meta.url)));

const [{ runProgram }, { processTerminal }] = await Promise.all([import("./program.ts"), import("./terminal.ts")]);
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
const terminal = processTerminal();

// A reader that goes away (`toolwharf outputs | head -1`) is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  process.exitCode = await runProgram(process.argv.slice(2), terminal, version);
} catch (error) {
  const { renderError } = await import("./render-error.ts");
  process.exitCode = renderError(error, terminal);
}
