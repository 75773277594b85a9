import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Connection } from "../../local/connection.ts";
import { layoutOf, type Layout } from "../../local/layout.ts";

export const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** What the program is made of; a scratch project uses the checkout's own, so that its tests test the checkout. */
const SHARED = ["index.ts", "azure", "builders", "components", "recipes", "node_modules"];
const COPIED = ["package.json", "Pulumi.yaml", "Pulumi.local.yaml"];

export interface CommandResult {
  code: number | null;
  /** Standard output and standard error as they came, together. */
  output: string;
  stdout: string;
  seconds: number;
}

export interface Command {
  child: ChildProcess;
  /** Resolves when the output so far matches; rejects if the command ends without. */
  prints(pattern: RegExp): Promise<void>;
  result: Promise<CommandResult>;
}

/**
 * A project of its own in a temporary folder: own `tools/`, own `.toolwharf/`, own miniature on its own ports,
 * so that a test neither meets nor disturbs what somebody runs from the checkout.
 */
export class ScratchProject {
  readonly folder: string;
  readonly layout: Layout;

  /** @param tools names of example tools to copy from the checkout's `tools/`. */
  constructor(tools: string[]) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "toolwharf-test-")));
    this.layout = layoutOf(this.folder);
    for (const name of COPIED) cpSync(join(CHECKOUT, name), join(this.folder, name));
    for (const name of SHARED) symlinkSync(join(CHECKOUT, name), join(this.folder, name));
    mkdirSync(join(this.folder, "tools"));
    for (const name of tools) cpSync(join(CHECKOUT, "tools", name), join(this.folder, "tools", name), { recursive: true });
    mkdirSync(join(this.folder, ".toolwharf"));
    const baseImages = join(CHECKOUT, ".toolwharf", "base-images.json");
    if (existsSync(baseImages)) cpSync(baseImages, join(this.folder, ".toolwharf", "base-images.json"));
  }

  start(args: string[], options: { env?: Record<string, string>; cwd?: string } = {}): Command {
    const began = performance.now();
    const child = spawn(process.execPath, [join(CHECKOUT, "bin", "toolwharf"), ...args], {
      cwd: options.cwd ?? this.folder,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own, so that a test can kill the command together with the engine below it.
      detached: true,
    });
    let output = "";
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
      stdout += chunk;
    });
    child.stderr.on("data", (chunk: Buffer) => (output += chunk));
    const result = new Promise<CommandResult>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, output, stdout, seconds: (performance.now() - began) / 1000 }));
    });
    const prints = (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => pattern.test(output) && resolve();
        look();
        child.stdout.on("data", look);
        child.stderr.on("data", look);
        void result.then(() => reject(new Error(`ended without printing ${pattern}:\n${output}`)), reject);
      });
    return { child, prints, result };
  }

  run(args: string[], options: { env?: Record<string, string>; cwd?: string } = {}): Promise<CommandResult> {
    return this.start(args, options).result;
  }

  /** Runs a command that has to succeed; its whole output is in the error when it does not. */
  async must(args: string[]): Promise<CommandResult> {
    const result = await this.run(args);
    if (result.code !== 0) throw new Error(`toolwharf ${args.join(" ")} ended with ${result.code}:\n${result.output}`);
    return result;
  }

  up(...args: string[]): Promise<CommandResult> {
    return this.run(["up", "--yes", ...args]);
  }

  async outputs(stack = "local"): Promise<Outputs> {
    const { stdout } = await this.must(["outputs", "--json", "--stack", stack]);
    return JSON.parse(stdout) as Outputs;
  }

  /** Adds tools of these names, all made of `small-tool/`: they build without a download, and all but the first from the cache. */
  addSmallTools(names: string[]): void {
    for (const name of names) cpSync(join(CHECKOUT, "test", "support", "small-tool"), join(this.folder, "tools", name), { recursive: true });
  }

  /** What stands in for an official image on this machine; itself where nothing does. */
  baseImage(official: string): string {
    const file = join(this.folder, ".toolwharf", "base-images.json");
    return existsSync(file) ? ((JSON.parse(readFileSync(file, "utf8")) as Record<string, string>)[official] ?? official) : official;
  }

  connection(): Connection {
    return JSON.parse(readFileSync(this.layout.connectionFile, "utf8")) as Connection;
  }

  write(path: string, content: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  edit(path: string, from: string, to: string): void {
    const before = this.read(path);
    if (!before.includes(from)) throw new Error(`${path} does not contain ${JSON.stringify(from)}`);
    this.write(path, before.replace(from, to));
  }

  /** Sets keys of the stack's committed settings, `Pulumi.<stack>.yaml` of the scratch project. */
  configure(lines: Record<string, unknown>): void {
    const text = Object.entries(lines).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`).join("");
    const before = this.read("Pulumi.local.yaml").replace(/\n# test settings[\s\S]*$/, "\n");
    this.write("Pulumi.local.yaml", `${before.trimEnd()}\n# test settings\n${text}`);
  }

  /** As README says: the shell's environment from `toolwharf local env`, then plain `pulumi`. @param path `toolwharf:storageKeys.data` */
  async setSecret(path: string, value: string): Promise<void> {
    const { stdout } = await this.must(["local", "env"]);
    const env = Object.fromEntries([...stdout.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]));
    const settings = join(this.folder, ".toolwharf/stacks/Pulumi.local.yaml");
    execFileSync("pulumi", ["config", "set", "--secret", "--path", path, value, "--stack", "local", "--config-file", settings], { cwd: this.folder, env: { ...process.env, ...env } });
  }

  /** Takes the miniature down and removes the folder. Part of every test file's `afterAll`. */
  async dispose(): Promise<void> {
    const result = await this.run(["local", "down"]);
    rmSync(this.folder, { recursive: true, force: true });
    if (result.code !== 0) throw new Error(`toolwharf local down ended with ${result.code}:\n${result.output}`);
  }
}

export interface Outputs {
  tools: Record<string, { url: string; fqdn: string; image: string; revision: string }>;
  [other: string]: unknown;
}
