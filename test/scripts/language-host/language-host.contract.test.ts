import { execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { processOf } from "../../../scripts/setup/engine/process-identity.js";
import { foldersOf } from "../../../scripts/setup/folders.js";
import { installLanguageHost, languageHostReady } from "../../../scripts/setup/pulumi/language-host.js";

const CHECKOUT = new URL("../../../", import.meta.url).pathname.replace(/\/$/, "");

const PROGRAM = `
import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

class Part extends pulumi.ComponentResource {
  constructor(name: string, hook: pulumi.ResourceHook) {
    super("test:index:Part", name, {}, { hooks: { beforeCreate: [hook] } });
    this.registerOutputs({});
  }
}

export default async function (): Promise<Record<string, unknown>> {
  const config = new pulumi.Config();
  const mode: string = config.require("mode");
  new Part("part", new pulumi.ResourceHook("before", ({ name }) => console.log("hook for " + name)));
  if (mode === "throw") throw new Error("thrown by the program");
  if (mode === "run-error") throw new pulumi.RunError("the words for people");
  if (mode === "exit") process.exit(7);
  if (mode === "hang") {
    writeFileSync("pid", String(process.pid));
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
  return { mode, dryRun: pulumi.runtime.isDryRun(), token: config.requireSecret("token") };
}
`;

interface Ended {
  code: number;
  output: string;
}

describe("the language host under the real CLI", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "toolwharf-language-host-")));
  const program = join(folder, "program");
  const bin = join(folder, "cli", "bin");
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "for this test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };

  const pulumi = (...args: string[]) =>
    new Promise<Ended>((resolve) => {
      execFile(join(bin, "pulumi"), args, { cwd: program, env }, (error, stdout, stderr) => resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr }));
    });
  const up = async (mode: string) => {
    await pulumi("config", "set", "mode", mode, "--stack", "test");
    return pulumi("up", "--yes", "--skip-preview", "--stack", "test", "--color", "never");
  };
  /** Starts an update that hangs in the program; resolves with both process ids once it does. */
  const startHanging = async () => {
    await pulumi("config", "set", "mode", "hang", "--stack", "test");
    rmSync(join(program, "pid"), { force: true });
    const engine = spawn(join(bin, "pulumi"), ["up", "--yes", "--skip-preview", "--stack", "test"], { cwd: program, env, stdio: "ignore" });
    const ended = new Promise((resolve) => engine.once("exit", resolve));
    let programPid = Number.NaN;
    await until(() => {
      if (!existsSync(join(program, "pid"))) return false;
      programPid = Number(readFileSync(join(program, "pid"), "utf8"));
      return programPid > 0;
    });
    return { engine, ended, programPid, hostPid: processOf(programPid)?.parent ?? 0 };
  };

  beforeAll(async () => {
    mkdirSync(bin, { recursive: true });
    mkdirSync(program);
    const cli = join(foldersOf(CHECKOUT).pulumi, "pulumi");
    // A copy of its own, so that the host beside it is ours even where the official one is installed.
    try {
      linkSync(cli, join(bin, "pulumi"));
    } catch {
      copyFileSync(cli, join(bin, "pulumi"));
    }
    installLanguageHost(bin, { note: () => undefined, begin: () => undefined, at: () => undefined, end: () => undefined, stop: () => undefined });
    symlinkSync(join(CHECKOUT, "node_modules"), join(program, "node_modules"));
    writeFileSync(join(program, "package.json"), '{"type":"module"}');
    writeFileSync(join(program, "Pulumi.yaml"), "name: test\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.ts\n");
    writeFileSync(join(program, "index.ts"), PROGRAM);
    await pulumi("stack", "init", "test");
    await pulumi("config", "set", "--secret", "token", "s3cret", "--stack", "test");
  }, 30_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is recognised as installed until its code changes", () => {
    expect(languageHostReady(bin, env)).toBe(true);
    writeFileSync(join(bin, "toolwharf-language-host", "fingerprint"), "of an older checkout");
    expect(languageHostReady(bin, env)).toBe(false);
  });

  test("runs a TypeScript module with its hooks, shows what it prints and keeps its outputs, a secret among them", async () => {
    const { code, output } = await up("plain");
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("hook for part") });
    const outputs = await pulumi("stack", "output", "--json", "--stack", "test");
    expect(JSON.parse(outputs.output)).toEqual({ mode: "plain", dryRun: false, token: "[secret]" });
  }, 30_000);

  test("a preview is a dry run", async () => {
    const { output } = await pulumi("preview", "--stack", "test", "--color", "never");
    expect(output).toMatch(/dryRun: false => true/);
  }, 30_000);

  test.each([
    ["throw", /Error: thrown by the program\n\s+at default .*index\.ts:16:31/],
    ["run-error", /error: the words for people\n/],
    ["exit", /Program exited with non-zero exit code: 7/],
  ])("a program that ends by %s fails the update in its own words, within seconds, and keeps the outputs", async (mode, words) => {
    const began = Date.now();
    await expect(up(mode)).resolves.toEqual({ code: expect.any(Number), output: expect.stringMatching(words) });
    expect(Date.now() - began).toBeLessThan(8_000);
    const outputs = await pulumi("stack", "output", "mode", "--stack", "test");
    expect(outputs.output.trim()).toBe("plain");
  }, 60_000);

  test("an explained error is not explained twice", async () => {
    const { code, output } = await up("run-error");
    expect(code).not.toBe(0);
    expect(output).not.toMatch(/unhandled|non-zero exit code/);
  }, 30_000);

  test("an interrupted update ends the program", async () => {
    const { engine, ended, programPid } = await startHanging();
    engine.kill("SIGINT");
    await ended;
    await until(() => processOf(programPid) === undefined);
  }, 30_000);

  test("neither host nor program outlives an engine that was killed", async () => {
    const { engine, ended, programPid, hostPid } = await startHanging();
    engine.kill("SIGKILL");
    await ended;
    await until(() => processOf(programPid) === undefined && processOf(hostPid) === undefined);
  }, 30_000);
});

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within 15 s: ${holds}`);
    await sleep(50);
  }
}
