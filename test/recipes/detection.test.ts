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

describe("Flask", () => {
  test("is seen by its requirement and its application", async () => {
    const recipe = await detect(FLASK);
    expect(recipe).toMatchObject({ runtime: "python-flask", build: { args: { BASE_IMAGE: "python:3.11-slim-bookworm" } } });
    expect(recipe.command).toEqual(["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "1", "--threads", "16", "--worker-tmp-dir", "/dev/shm", "app:app"]);
    expect(recipe.reasons).toEqual(["python-flask, because requirements.txt asks for flask==3.1.3", "entry point app:app, because app.py assigns Flask() to app", "port 8000, because it is told in PORT and nothing else was found", "health path /health, because it is the default and nothing else was found"]);
  });

  test.each([
    ["# web\nFlask[async] >= 3 ; python_version > '3'  # pinned later", "main.py", "server: Flask = flask.Flask(__name__)", "main:server"],
    ["gunicorn\nFLASK", "wsgi.py", "\n\nwsgi=Flask(__name__)", "wsgi:wsgi"],
  ])("requirement %j, %s with %j runs %s", async (requirements, file, code, target) => {
    const recipe = await detect({ "requirements.txt": requirements, [file]: code });
    expect(recipe.command!.at(-1)).toBe(target);
  });

  test.each([["flask-cors==1"], ["#flask"], ["--index-url https://flask"], ["my.flask"]])("is not seen in %j", async (requirements) => {
    expect(await problemsOf({ ...FLASK, "requirements.txt": requirements })).toEqual([expect.stringContaining("nothing in it says what it is")]);
  });

  test("without an application says which files were looked at and what is missing", async () => {
    const problems = await problemsOf({ "requirements.txt": "flask", "app.py": "def make():\n    app = Flask(__name__)\n" });
    expect(problems).toEqual([expect.stringMatching(/asks for flask, but no application was found: app\.py has none\..*"app = Flask\(\.\.\.\)" at its top level/)]);
  });
});

describe("FastAPI", () => {
  test("runs behind uvicorn", async () => {
    const recipe = await detect({ "requirements.txt": "fastapi", "main.py": "api = FastAPI()" }, { port: 9000 });
    expect(recipe).toMatchObject({ runtime: "python-fastapi" });
    expect(recipe.command).toEqual(["uvicorn", "--host", "0.0.0.0", "--port", "9000", "--proxy-headers", "--forwarded-allow-ips", "*", "main:api"]);
  });

  test("asked for beside Flask, the application decides", async () => {
    expect(await detect({ "requirements.txt": "fastapi\nflask", "app.py": "app = Flask(__name__)" })).toMatchObject({ runtime: "python-flask" });
  });
});

describe("Node", () => {
  const manifest = (fields: object) => ({ "package.json": JSON.stringify(fields), "server.js": "" });

  test.each([
    [manifest({ scripts: { start: "node server.js --port 1" } }), ["node", "server.js", "--port", "1"]],
    [manifest({ scripts: { start: "PORT=1 node server.js" } }), ["npm", "run", "--silent", "start"]],
    [manifest({ scripts: { start: "node server.js && true" } }), ["npm", "run", "--silent", "start"]],
    [manifest({ main: "./server" }), ["node", "server.js"]],
    [manifest({}), ["node", "server.js"]],
  ])("%j starts with %j", async (files, command) => {
    const recipe = await detect(files as Record<string, string>);
    expect(recipe).toMatchObject({ runtime: "nodejs", build: { args: { BASE_IMAGE: "node:24-bookworm-slim" } } });
    expect(recipe.command).toEqual(command);
  });

  test("says when nothing pins its dependencies", async () => {
    expect((await detect(manifest({}))).reasons).toContainEqual(expect.stringContaining("there is no package-lock.json"));
    expect((await detect({ ...manifest({}), "package-lock.json": "{}" })).reasons).toContainEqual("npm ci, because package-lock.json pins its dependencies");
  });

  test.each([
    [{ "package.json": "{" }, "package.json is not JSON"],
    [{ "package.json": "[]" }, "package.json is not a JSON object"],
    [{ "package.json": '{"main":"gone.js"}' }, '"gone.js" as its main file, which is not there'],
    [{ "package.json": "{}" }, "says not how to start"],
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
