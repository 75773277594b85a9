import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { askEngine, runEngine } from "../../automation/engine.ts";

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolwharf-engine-"));
  env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that stands for the Pulumi CLI. */
function engine(source: string): void {
  writeFileSync(join(folder, "pulumi"), `#!${process.execPath}\n${source}`);
  chmodSync(join(folder, "pulumi"), 0o755);
}

describe("running the engine", () => {
  test("arguments arrive as they are, whatever is in them", async () => {
    engine("console.log(JSON.stringify(process.argv.slice(2)))");
    const { stdout, code } = await runEngine({ args: ["up", "$(touch x)", "a b", "--target", "**::x"], cwd: folder, env, output: "capture" });
    expect([JSON.parse(stdout), code]).toEqual([["up", "$(touch x)", "a b", "--target", "**::x"], 0]);
  });

  test("asked for its output, it fails with what the engine said", async () => {
    engine('console.error("error: no stack named x"); process.exit(255);');
    await expect(askEngine({ args: ["stack", "export"], cwd: folder, env })).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      message: "pulumi stack export failed: no stack named x",
    });
  });

  test("without a CLI the error names the command that tells what is missing", async () => {
    await expect(runEngine({ args: ["version"], cwd: folder, env: { PATH: folder }, output: "capture" })).rejects.toMatchObject({ code: "ENGINE_MISSING", next: "toolwharf doctor" });
  });

  test("an interruption is passed on once each time: the first lets it finish, the second ends it", async () => {
    engine(`
      const { appendFileSync } = require("node:fs");
      let times = 0;
      process.on("SIGINT", () => { appendFileSync("seen", "I"); if (++times === 2) process.exit(9); });
      appendFileSync("seen", "ready");
      setTimeout(() => {}, 10000);`);
    const module = fileURLToPath(new URL("../../automation/engine.ts", import.meta.url));
    const host = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", `
        const { runEngine } = await import(${JSON.stringify(module)});
        const { code, interrupted } = await runEngine({ args: [], cwd: process.cwd(), env: process.env, output: "capture" });
        process.stdout.write(JSON.stringify({ code, interrupted }));`],
      { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] },
    );
    let said = "";
    host.stdout.on("data", (chunk: Buffer) => (said += chunk));
    const seen = () => {
      try {
        return readFileSync(join(folder, "seen"), "utf8");
      } catch {
        return "";
      }
    };
    const until = async (text: string) => {
      for (let tries = 0; tries < 200 && seen() !== text; tries += 1) await sleep(20);
      expect(seen()).toBe(text);
    };
    await until("ready");
    host.kill("SIGTERM");
    await until("readyI");
    await sleep(50);
    host.kill("SIGINT");
    await new Promise((done) => host.once("close", done));
    expect(seen()).toBe("readyII");
    expect(JSON.parse(said)).toEqual({ code: 9, interrupted: true });
  });
});
