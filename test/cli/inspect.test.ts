import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { runProgram } from "../../cli/program.ts";
import { Folder } from "../recipes/folder.ts";
import { capturedTerminal } from "./captured-terminal.ts";

const FLASK = { "requirements.txt": "flask==3.1.3\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n" };

async function inspect(files: Record<string, string>, ...options: string[]) {
  using folder = new Folder(Object.fromEntries(Object.entries(files).map(([path, text]) => [join("weather", path), text])));
  const { terminal, written } = capturedTerminal();
  const code = await runProgram(["inspect", join(folder.path, "weather"), ...options], terminal, "0.0.0");
  return { code, ...written };
}

describe("toolwharf inspect", () => {
  test("--json prints every key of the recipe, with its hash and its image", async () => {
    const { code, out } = await inspect(FLASK, "--json");
    expect(code).toBe(0);
    const answer = JSON.parse(out) as Record<string, unknown>;
    expect(answer).toMatchObject({
      name: "weather",
      runtime: "python-flask",
      protocol: "http",
      entrypoint: "app:app",
      command: expect.arrayContaining(["gunicorn", "app:app"]),
      port: 8000,
      healthPath: "/health",
      packageManager: "pip",
      reasons: expect.arrayContaining(["entry point app:app, because app.py:2 assigns Flask() to app", "name weather, because the folder is called that"]),
      dockerfile: expect.stringMatching(/^ARG BASE_IMAGE\n/),
      contentHash: expect.stringMatching(/^[0-9a-f]{24}$/),
      image: `tools/weather:${String(answer.contentHash)}`,
      context: { files: 2, bytes: 59, largest: [{ path: "app.py", bytes: 46 }, { path: "requirements.txt", bytes: 13 }] },
    });
  });

  test("what a recipe does not have is null, and a command of the image's own is empty", async () => {
    const { out } = await inspect({ Dockerfile: "FROM scratch\n", "tool.yaml": "component: billing\nname: rain\n" }, "--json");
    const answer = JSON.parse(out) as Record<string, unknown>;
    expect(answer).toMatchObject({ runtime: "dockerfile", entrypoint: null, command: [], packageManager: null, dockerfile: "FROM scratch\n", image: `billing/rain:${String(answer.contentHash)}` });
  });

  test("an error is {error, code, details} on standard output, and exit code 1", async () => {
    const { code, out, err } = await inspect({ "tool.yaml": "port: none\nname: x\n" }, "--json");
    expect([code, err]).toEqual([1, ""]);
    const port = "port is \"none\"; allowed: a whole number from 1 to 65535";
    expect(JSON.parse(out)).toEqual({
      error: expect.stringMatching(/^tool\.yaml:1:7: port is "none".*\ntool\.yaml:2:7: name is "x"/),
      code: "MANIFEST_INVALID",
      details: [
        { code: "MANIFEST_INVALID", message: port, file: "tool.yaml", line: 1, column: 7, value: "none", allowed: "a whole number from 1 to 65535" },
        expect.objectContaining({ line: 2, column: 7, value: "x" }),
      ],
    });
  });

  test("without --json the error is for people", async () => {
    await expect(inspect({ "notes.md": "" })).rejects.toMatchObject({ code: "RUNTIME_UNKNOWN", message: expect.stringContaining("nothing in it says what it is") });
  });

  test("for people it says what, why and how", async () => {
    const { out } = await inspect(FLASK);
    expect(out).toMatch(/^runtime +python-flask\n/);
    expect(out).toContain("  - python-flask, because requirements.txt:1 asks for flask==3.1.3\n");
    expect(out).toContain("context       2 files, 59 B\n");
    expect(out).toContain("  46 B  app.py\n  13 B  requirements.txt\n");
    expect(out).toContain("Dockerfile (generated):\n  ARG BASE_IMAGE\n");
  });

  test("a folder that must be named is", async () => {
    const { terminal } = capturedTerminal();
    await expect(runProgram(["inspect"], terminal, "0.0.0")).rejects.toMatchObject({ code: "COMMAND_INVALID", message: expect.stringContaining("folder") });
  });
});
