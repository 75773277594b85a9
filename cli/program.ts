import { Command, CommanderError, Option } from "commander";
import { UserError } from "../automation/user-error.ts";
import { COMMANDS, type CommandOptions, type CommandSpec } from "./commands.ts";
import type { Terminal } from "./terminal.ts";

const DESCRIPTION = "From a folder of code to an HTTPS endpoint on Azure Container Apps, or on its miniature on this machine.";
const NOUNS: Record<string, string> = {
  local: "the miniature: a local Azure for what the program declares",
  "local fail": "failures of Azure, switched on and off",
};
const EXAMPLES = `
Examples:
  toolwharf up              deploy every folder of tools/ to the miniature
  toolwharf up flask-echo   deploy one of them
  toolwharf up --stack dev  deploy to Azure, as you are logged in
  toolwharf local down      stop the miniature and remove all of it`;

/** @returns the exit code of the command that `words` name */
export async function runProgram(words: string[], terminal: Terminal, version: string): Promise<number> {
  let code = 0;
  const program = new Command("toolwharf");
  configure(program, terminal);
  program.description(DESCRIPTION).version(version, "--version", "print the version").addHelpText("after", EXAMPLES);
  const nouns = new Map<string, Command>();
  for (const spec of COMMANDS) {
    const words = spec.name.split(" ");
    const parent = words.slice(0, -1).reduce((above, noun, index) => {
      const path = words.slice(0, index + 1).join(" ");
      const known = nouns.get(path) ?? configure(above.command(noun).description(NOUNS[path] ?? ""), terminal);
      nouns.set(path, known);
      return known;
    }, program);
    const command = configure(parent.command(words.at(-1)!), terminal);
    describe(command, spec);
    command.action(async (...args: unknown[]) => {
      const options: CommandOptions = { ...command.opts() };
      if (spec.tool !== undefined) options.tool = args[0] as string | undefined;
      if (spec.folder !== undefined) options.folder = args[0] as string;
      if (spec.switch !== undefined) options.switch = args[0] as string | undefined;
      const { run } = await spec.load();
      code = await run(options, terminal);
    });
  }
  try {
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Asked for: help or version. A noun without a verb shows help too, but nothing was done.
    if (error.exitCode === 0) return 0;
    if (error.code === "commander.help") return 1;
    throw new UserError("COMMAND_INVALID", error.message.replace(/^error: /, "").replace("\n(", " ("), { next: "toolwharf --help" });
  }
}

function describe(command: Command, spec: CommandSpec): void {
  command.summary(spec.summary).description([sentence(spec.summary), spec.more].filter(Boolean).join("\n\n"));
  if (spec.tool !== undefined) command.argument("[tool]", spec.tool);
  if (spec.folder !== undefined) command.argument("<folder>", spec.folder);
  if (spec.switch !== undefined) command.argument(spec.switch.flags, spec.switch.text);
  for (const { flags, text, default: value } of spec.options) command.addOption(value === undefined ? new Option(flags, text) : new Option(flags, text).default(value));
}

function configure(command: Command, terminal: Terminal): Command {
  return command
    .exitOverride()
    .helpOption("-h, --help", "show this")
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      // Its message is thrown and shown like every other error.
      outputError: () => undefined,
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
