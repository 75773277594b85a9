import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { programArguments, programEnvironment } from "../../../scripts/language-host/program-command.js";

const CHECKOUT = new URL("../../../", import.meta.url).pathname.replace(/\/$/, "");

const run = {
  monitor: "127.0.0.1:1",
  engine: "127.0.0.1:2",
  organization: "organization",
  project: "toolwharf",
  stack: "local",
  rootFolder: CHECKOUT,
  programFolder: CHECKOUT,
  entryPoint: "index.ts",
  dryRun: false,
  parallel: 8,
  args: [],
  config: {},
  secretKeys: [],
  options: {},
};

describe("programArguments", () => {
  test("are the SDK's runner, what it is told, and the entry point last", () => {
    expect(programArguments(run)).toEqual([
      join(CHECKOUT, "node_modules/@pulumi/pulumi/cmd/run/index.js"),
      ...["--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:2", "--organization", "organization", "--project", "toolwharf"],
      ...["--root-directory", CHECKOUT, "--stack", "local", "--pwd", CHECKOUT, "--parallel", "8", "index.ts"],
    ]);
  });

  test("a preview is a dry run, and Node's own arguments come first", () => {
    const args = programArguments({ ...run, dryRun: true, options: { nodeargs: "--trace-warnings  --max-old-space-size=512" } });
    expect(args.slice(0, 2)).toEqual(["--trace-warnings", "--max-old-space-size=512"]);
    expect(args.slice(-2)).toEqual(["--dry-run", "index.ts"]);
  });

  test("a program without the SDK is an error that names it", () => {
    expect(() => programArguments({ ...run, programFolder: tmpdir() })).toThrow(/@pulumi\/pulumi\/cmd\/run/);
  });
});

describe("programEnvironment", () => {
  test("configuration travels under the SDK's older keys, secrets by name", () => {
    const env = programEnvironment({ ...run, config: { "toolwharf:cpu": "0.25", "azure-native:location": "westeurope" }, secretKeys: ["toolwharf:token"] }, {});
    expect(JSON.parse(env.PULUMI_CONFIG ?? "")).toEqual({ "toolwharf:config:cpu": "0.25", "azure-native:config:location": "westeurope" });
    expect(JSON.parse(env.PULUMI_CONFIG_SECRET_KEYS ?? "")).toEqual(["toolwharf:token"]);
  });

  test.each([
    [{}, "true"],
    [{ typescript: true }, "true"],
    [{ typescript: false }, undefined],
  ])("options %j leave the SDK's own TypeScript at %s", (options, expected) => {
    expect(programEnvironment({ ...run, options }, {}).PULUMI_NODEJS_TYPESCRIPT).toBe(expected);
  });

  test("compiled code is kept in the project if it has a place, and where the caller says", () => {
    const rootFolder = mkdtempSync(join(tmpdir(), "toolwharf-host-"));
    expect(programEnvironment({ ...run, rootFolder }, {}).NODE_COMPILE_CACHE).toBeUndefined();
    mkdirSync(join(rootFolder, ".toolwharf", "cache"), { recursive: true });
    expect(programEnvironment({ ...run, rootFolder }, {}).NODE_COMPILE_CACHE).toBe(join(rootFolder, ".toolwharf/cache/compile"));
    expect(programEnvironment({ ...run, rootFolder }, { NODE_COMPILE_CACHE: "/elsewhere" }).NODE_COMPILE_CACHE).toBe("/elsewhere");
    rmSync(rootFolder, { recursive: true });
  });
});
