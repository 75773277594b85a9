import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CHECKOUT } from "../support/scratch-project.ts";

interface Ended {
  code: number | null;
  output: string;
}

/** Runs a command in `folder` as somebody would who has just cloned it: no standard input, nothing of this test run's environment. */
function run(folder: string, command: string, args: string[]): Promise<Ended> {
  const { PATH, HOME, ...rest } = process.env;
  const passedOn = Object.fromEntries(Object.entries(rest).filter(([name]) => /^(npm_config|NPM|PIP|SSL|CURL|GIT_SSL|NODE_EXTRA|HTTPS?_|NO_PROXY|DOCKER|PULUMI_HOME|GO)/i.test(name)));
  const child = spawn(command, args, { cwd: folder, env: { PATH, HOME, ...passedOn }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

describe("npm run quickstart in a fresh clone", () => {
  const folder = join(realpathSync(mkdtempSync(join(tmpdir(), "toolwharf-clone-"))), "toolwharf");
  let first: Ended;

  const curlLines = (output: string) => output.split("\n").flatMap((line) => /(curl --cacert \S+ \S+)/.exec(line)?.[1] ?? []);

  beforeAll(async () => {
    execFileSync("git", ["clone", "--quiet", CHECKOUT, folder]);
    first = await run(folder, "npm", ["run", "quickstart"]);
  });
  afterAll(async () => {
    const down = await run(folder, "npx", ["toolwharf", "local", "down"]);
    rmSync(join(folder, ".."), { recursive: true, force: true });
    expect(down).toMatchObject({ code: 0 });
  });

  test("ends with exit 0 and a curl line for each of three tools", () => {
    expect(first).toMatchObject({ code: 0 });
    expect(curlLines(first.output)).toHaveLength(3);
  });

  test("every printed curl line answers 200 and verifies the certificate", () => {
    for (const line of curlLines(first.output)) {
      const [command, ...args] = line.split(" ");
      expect(execFileSync(command!, ["--silent", "--show-error", "--output", "/dev/null", "--write-out", "%{http_code}", ...args], { encoding: "utf8" })).toBe("200");
    }
  });

  test("run again, it builds, pushes and changes nothing", async () => {
    const again = await run(folder, "npm", ["run", "quickstart"]);
    expect(again).toMatchObject({ code: 0 });
    expect(again.output).not.toMatch(/\d+ (created|updated|replaced|deleted)|Starting Docker build|Pushing Image/);
    expect(curlLines(again.output)).toEqual(curlLines(first.output));
  });
});
