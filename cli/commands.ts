import type { Terminal } from "./terminal.ts";

/** Options as they were typed, by their long name in camel case; `tool`, `folder` or `switch` is the argument. */
export type CommandOptions = Record<string, string | boolean | undefined>;

export interface CommandModule {
  /** @returns the exit code */
  run(options: CommandOptions, terminal: Terminal): Promise<number>;
}

export interface CommandSpec {
  /** One word, or nouns and a verb. */
  name: string;
  summary: string;
  /** More than the summary, shown in the command's own help. */
  more?: string;
  /** Whether it takes `[tool]`. */
  tool?: string;
  /** Whether it takes `<folder>`. */
  folder?: string;
  /** The argument of a command about a failure switch, with brackets. */
  switch?: { flags: "<switch>" | "[switch]"; text: string };
  options: Array<{ flags: string; text: string; default?: string }>;
  /** The command's code is only read when it runs, because the start of every command counts. */
  load(): Promise<CommandModule>;
}

const STACK = { flags: "--stack <name>", text: "`local` and `local.<tool>` are on the miniature, all others on Azure", default: "local" };
const YES = { flags: "--yes", text: "go ahead without a preview and a question" };
const LOCK_TIMEOUT = { flags: "--lock-timeout <time>", text: "how long to wait for another run on the stack; 0 refuses at once", default: "10m" };
const json = (text: string) => ({ flags: "--json", text });

export const COMMANDS: CommandSpec[] = [
  {
    name: "up",
    summary: "deploy the platform and every tool, or one tool",
    more: "Ends when every new revision is ready, or says which is not and why. A tool that fails does not stop the others.",
    tool: "only this folder of tools/: within the platform's stack if that deploys it, else in a stack of its own",
    options: [STACK, YES, LOCK_TIMEOUT, json("print the outcome and the endpoints as JSON; what the engine says goes to standard error")],
    load: () => import("./up.ts"),
  },
  {
    name: "preview",
    summary: "show what `up` would do",
    tool: "only this tool",
    options: [STACK, json("print the engine's plan as JSON")],
    load: () => import("./preview.ts"),
  },
  {
    name: "refresh",
    summary: "take over what was changed outside of Pulumi",
    more: "Reads every resource and corrects the stack's state. `up` then brings back what the program says.",
    tool: "only this tool",
    options: [STACK, YES, LOCK_TIMEOUT],
    load: () => import("./refresh.ts"),
  },
  {
    name: "destroy",
    summary: "remove the resources of a stack",
    more: "A platform is not destroyed while stacks of tools refer to it; they are listed.",
    tool: "the stack of this tool",
    options: [STACK, YES, LOCK_TIMEOUT, { flags: "--remove", text: "remove the stack itself too, with its live settings" }],
    load: () => import("./destroy.ts"),
  },
  {
    name: "outputs",
    summary: "endpoints, revisions and images",
    options: [STACK, json("print exactly what `pulumi stack output --json` prints")],
    load: () => import("./outputs.ts"),
  },
  {
    name: "inspect",
    summary: "what a folder is, how it would be built, and why",
    more: "Nothing is built and nothing is asked: neither the miniature nor Azure is needed.",
    folder: "any folder with a tool in it",
    options: [json("print the recipe as JSON; an error as {error, code, details}")],
    load: () => import("./inspect.ts"),
  },
  {
    name: "doctor",
    summary: "what is missing, and the command that mends it",
    options: [
      { flags: "--azure", text: "look at the Azure subscription instead of this machine" },
      { flags: "--registry <id>", text: "with --azure: a registry that exists already, to look at the roles on it" },
      json("print the findings as JSON"),
    ],
    load: () => import("./doctor.ts"),
  },
  {
    name: "local up",
    summary: "start the miniature; harmless if it runs",
    options: [json("print its addresses as JSON")],
    load: () => import("./local/up.ts"),
  },
  {
    name: "local down",
    summary: "stop the miniature and remove all of it",
    more: "Removes containers, networks, the miniature's state and its stacks, and stops a Docker engine that the set-up started.",
    options: [{ flags: "--keep", text: "only stop its process: containers go on running and are found again" }],
    load: () => import("./local/down.ts"),
  },
  {
    name: "local status",
    summary: "its process, ports, apps, revisions and containers",
    options: [json("print it as JSON")],
    load: () => import("./local/status.ts"),
  },
  {
    name: "local env",
    summary: "print what makes plain `pulumi` use it",
    more: 'For a shell: eval "$(toolwharf local env)"',
    options: [STACK],
    load: () => import("./local/env.ts"),
  },
  {
    name: "local fail list",
    summary: "the failure switches, and which are on",
    options: [json("print both as JSON")],
    load: () => import("./local/fail-list.ts"),
  },
  {
    name: "local fail set",
    summary: "make something fail as it does on Azure",
    more: "For tests and demonstrations. What is set is gone when the miniature's process ends.",
    switch: { flags: "<switch>", text: "its name; `toolwharf local fail list` shows all" },
    options: [
      { flags: "--app <name>", text: "only for this app" },
      { flags: "--registry <name>", text: "only for this registry" },
      { flags: "--times <n>", text: "how often, 1 to 1000; then it is off" },
      { flags: "--seconds <s>", text: "for how long, 1 to 600" },
      { flags: "--requests <kind>", text: "which requests of a registry: pull, push or token" },
      json("print what was set as JSON"),
    ],
    load: () => import("./local/fail-set.ts"),
  },
  {
    name: "local fail clear",
    summary: "let it work again",
    switch: { flags: "[switch]", text: "only this one; default: all" },
    options: [json("print what was on as JSON")],
    load: () => import("./local/fail-clear.ts"),
  },
];
