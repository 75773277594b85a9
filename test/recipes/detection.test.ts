import { describe, expect, test } from "@jest/globals";
import { baseImage, DEFAULT_PYTHON, PYTHON_IMAGES } from "../../recipes/base-images.ts";
import { detectRecipe } from "../../recipes/detection.ts";
import { RecipeError } from "../../recipes/errors.ts";
import { folderTree } from "../../recipes/folder-tree.ts";
import type { RecipeRequest } from "../../recipes/request.ts";
import { readSource } from "../../recipes/source.ts";
import { Folder } from "./folder.ts";

async function detect(files: Record<string, string>, request?: RecipeRequest) {
  using folder = new Folder(files);
  return await detectRecipe(await readSource(folderTree(folder.path)), request);
}
async function problemsOf(files: Record<string, string>): Promise<string[]> {
  const error = await detect(files).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RecipeError);
  return (error as RecipeError).problems;
}

const FLASK = { "requirements.txt": "flask==3.1.3\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n" };

describe("Node", () => {
  const manifest = (fields: object) => ({ "package.json": JSON.stringify(fields), "server.js": "" });

  test.each([
    [manifest({ scripts: { start: "node server.js --port 1" } }), ["node", "server.js", "--port", "1"]],
    [manifest({ scripts: { start: "PORT=1 node server.js" } }), ["node", "server.js"]],
    [manifest({ scripts: { start: "node server.js && true" } }), ["npm", "run", "--silent", "start"]],
    [manifest({ main: "./server" }), ["node", "server.js"]],
    [manifest({}), ["node", "server.js"]],
  ])("%j starts with %j", async (files, command) => {
    const recipe = await detect(files as Record<string, string>);
    expect(recipe).toMatchObject({ runtime: "nodejs", build: { args: { BASE_IMAGE: "node:24-bookworm-slim" } } });
    expect(recipe.command).toEqual(command);
  });

  test("says when nothing pins its dependencies", async () => {
    const needy = manifest({ dependencies: { ms: "2.1.3" } });
    expect((await detect(needy)).reasons).toContainEqual(expect.stringContaining("npm install, because there is no lock file"));
    expect((await detect({ ...needy, "package-lock.json": "{}" })).reasons).toContainEqual("npm ci, because package-lock.json pins its dependencies");
  });

  test.each([
    [{ "package.json": "{" }, "package.json: is not JSON"],
    [{ "package.json": "[]" }, "package.json: is not a JSON object"],
    [{ "package.json": '{"main":"gone.js"}' }, '"gone.js" as its main file, which is not there'],
    [{ "package.json": "{}" }, "says not how to start"],
    [{ "package.json": "{}", "server.js": "", "tool.yaml": "entrypoint: srv.js\n" }, 'tool.yaml:1:13: entrypoint is "srv.js", and there is no such file'],
    [{ "app.py": "from flask import Flask\napp = Flask(__name__)\n", "tool.yaml": "entrypoint: srv.py\n" }, 'tool.yaml:1:13: entrypoint is "srv.py", and there is no such file'],
  ])("%j is refused: %s", async (files, problem) => {
    expect(await problemsOf(files as Record<string, string>)).toEqual([expect.stringContaining(problem)]);
  });
});

test("an own Dockerfile comes before everything and is used unchanged", async () => {
  const recipe = await detect({ ...FLASK, Dockerfile: "FROM scratch" });
  expect(recipe).toMatchObject({ runtime: "dockerfile", dockerfile: "FROM scratch", build: { own: { path: "Dockerfile", outside: false }, args: {} } });
  expect(recipe).not.toHaveProperty("command");
});

test("a Python tool that cannot be built is not taken for a Node tool that lies beside it, unless the manifest says so", async () => {
  const both = { "requirements.txt": "flask", "package.json": "{}", "server.js": "" };
  expect(await problemsOf(both)).toEqual([expect.stringMatching(/^an answer fits, and something else.*runtime: nodejs/), expect.stringContaining("asks for flask")]);
  expect(await detect({ ...both, "tool.yaml": "runtime: nodejs" })).toMatchObject({ runtime: "nodejs", entrypoint: "server.js" });
});

test.each([[{}, "it is empty"], [{ "notes.md": "" }, "nothing in it says what it is; needed: a Dockerfile"]])("%j is refused: %s", async (files, problem) => {
  expect(await problemsOf(files as Record<string, string>)).toEqual([expect.stringContaining(problem)]);
});

test("a base image is the official one, or what takes its place", () => {
  const python = PYTHON_IMAGES[DEFAULT_PYTHON];
  expect(baseImage(python)).toBe("python:3.11-slim-bookworm");
  expect(baseImage(python, { "node:24-bookworm-slim": "x" })).toBe("python:3.11-slim-bookworm");
  expect(baseImage("node:24-bookworm-slim", { "node:24-bookworm-slim": "mirror.example/node:24@sha256:00" })).toBe("mirror.example/node:24@sha256:00");
});

test("a Dockerfile of the folder's own that is too long to be one is refused unread", async () => {
  expect(await problemsOf({ Dockerfile: `FROM a\n#${"x".repeat(1024 * 1024)}\n` })).toEqual(["Dockerfile: is 1048585 bytes long; allowed: 1048576"]);
});
