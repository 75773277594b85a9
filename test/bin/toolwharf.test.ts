import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

const BIN = new URL("../../bin/", import.meta.url).pathname;

interface Ended {
  code: number;
  output: string;
}

describe("bin/toolwharf", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "toolwharf-bin-"));
    cpSync(BIN, join(root, "bin"), { recursive: true });
    writeFileSync(join(root, "package.json"), '{"type":"module"}');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const start = (file = join(root, "bin", "toolwharf"), args: string[] = []) =>
    new Promise<Ended>((resolve) => {
      execFile(process.execPath, [file, ...args], (error, stdout, stderr) => resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr }));
    });

  const setUp = (main: string) => {
    mkdirSync(join(root, "node_modules", "commander"), { recursive: true });
    mkdirSync(join(root, "cli"));
    writeFileSync(join(root, "cli", "main.ts"), main);
  };

  test("in a fresh clone names the command that sets it up", async () => {
    await expect(start()).resolves.toEqual({ code: 1, output: expect.stringMatching(/NOT_SET_UP: the npm packages are not installed[^]*npm run quickstart/) });
  });

  test("runs the TypeScript command with the arguments and gives its exit code", async () => {
    setUp("const words: string[] = process.argv.slice(2); console.log(words.join('|')); process.exitCode = 7;");
    await expect(start(undefined, ["up", "a b"])).resolves.toEqual({ code: 7, output: "up|a b\n" });
  });

  test("finds its checkout through the link that npm makes", async () => {
    setUp("console.log('found');");
    mkdirSync(join(root, "node_modules", ".bin"));
    symlinkSync("../../bin/toolwharf", join(root, "node_modules", ".bin", "toolwharf"));
    await expect(start(join(root, "node_modules", ".bin", "toolwharf"))).resolves.toEqual({ code: 0, output: "found\n" });
  });
});
