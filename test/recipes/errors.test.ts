import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { RECIPE_CODES, RecipeError } from "../../recipes/errors.ts";
import type { RecipeCode } from "../../recipes/errors.ts";
import { folderTree } from "../../recipes/folder-tree.ts";
import { listedTree } from "../../recipes/listed-tree.ts";
import { inspectTool } from "../../recipes/inspection.ts";
import { MAX_FILES } from "../../recipes/source-listing.ts";
import { taggingOf } from "../../components/image-tagging.ts";
import { checkToolSecrets } from "../../components/tool-secrets.ts";
import { stageContext } from "../../components/staged-context.ts";
import { CHECKOUT } from "../support/scratch-project.ts";
import { Folder } from "./folder.ts";

const DOCUMENT = readFileSync(join(CHECKOUT, "docs/errors.md"), "utf8");
const sections = new Map(DOCUMENT.split(/^## /m).slice(1).map((section) => [section.slice(0, section.indexOf("\n")).trim(), section]));

async function refusal(files: Record<string, string>, prepare: (folder: Folder) => void = () => undefined, name = "weather"): Promise<unknown> {
  using folder = new Folder(files);
  prepare(folder);
  return await inspectTool(folderTree(folder.path), name).catch((reason: unknown) => reason);
}

const FLASK_APP = { "app.py": "from flask import Flask\napp = Flask(__name__)\n" };
/** What the program refuses of a manifest. */
const PROGRAM_CODES = ["SECRET_MISSING", "IMAGE_NOT_TAGGED"] as const;
const CODES = [...RECIPE_CODES, ...PROGRAM_CODES];

/** The folder that has the problem, as docs/errors.md shows it. */
const EXAMPLES: Record<RecipeCode | (typeof PROGRAM_CODES)[number], () => Promise<unknown>> = {
  FOLDER_UNREADABLE: () => inspectTool(folderTree("tools/wether"), "wether").catch((reason: unknown) => reason),
  FOLDER_EMPTY: () => refusal({}),
  FOLDER_TOO_LARGE: async () => {
    const files = Array.from({ length: MAX_FILES + 1 }, (_, at) => ({ path: `data/${at}`, executable: false, size: 0, read: async () => Buffer.of() }));
    return await inspectTool(listedTree(files), "weather").catch((reason: unknown) => reason);
  },
  FILE_NOT_REGULAR: () => refusal({ "app.py": "" }, (folder) => symlinkSync("/etc/ssl/cert.pem", join(folder.path, "cert.pem"))),
  FILE_CHANGED: async () => {
    using home = new Folder();
    const file = { path: "app.py", executable: false, size: 0, read: async () => Buffer.from("new") };
    const recipe = { dockerfile: "FROM x", build: { files: {}, context: ".", args: {}, platform: "linux/amd64" } };
    return await stageContext({ home: home.path, name: "weather", files: [file], digest: async () => "of the old content", filesHash: "f", recipe }).catch((reason: unknown) => reason);
  },
  IGNORE_FILE_INVALID: () => refusal({ "app.py": "", ".dockerignore": "data/[0-9\n" }),
  TOOL_NAME_INVALID: () => refusal({ Dockerfile: "FROM scratch\n" }, undefined, "工具"),
  MANIFEST_UNREADABLE: () => refusal({ "tool.yaml": "port: 8080\nport: 9090\n" }),
  MANIFEST_INVALID: () => refusal({ "tool.yaml": "healtPath: /ready\nport: 80800\n" }),
  DOCKERFILE_MISSING: () => refusal({ "tool.yaml": "build:\n  dockerfile: deploy/Dockerfile\n", "scripts/Dockerfile": "FROM scratch\n" }),
  DOCKERFILE_INVALID: () => refusal({ Dockerfile: "FROM python:3.11\nRUM pip install flask\n" }),
  RUNTIME_UNKNOWN: () => refusal({ "notes.md": "" }),
  RECIPE_AMBIGUOUS: () => refusal({ Dockerfile: "FROM node:24\nEXPOSE 3000\nEXPOSE 9229\n" }),
  ENTRYPOINT_MISSING: () => refusal({ "package.json": "{}" }),
  SECRET_MISSING: async () => {
    try {
      return checkToolSecrets("weather", ["API_KEY"], {}, "dev");
    } catch (error) {
      return error;
    }
  },
  IMAGE_NOT_TAGGED: async () => {
    const tagManifest = async () => Promise.reject(new Error("the registry example.azurecr.io answered 405"));
    return await taggingOf({ tagManifest }, "tools/weather", ["latest"])(`example.azurecr.io/tools/weather@sha256:${"0".repeat(64)}`).catch((reason: unknown) => reason);
  },
  DEPENDENCIES_INVALID: () => refusal({ "package.json": "[]" }),
  DEPENDENCIES_MISSING: () => refusal({ "app.py": "import numpy\nfrom flask import Flask\napp = Flask(__name__)\n" }),
  DEPENDENCIES_OUT_OF_STEP: () => refusal({ ...FLASK_APP, "pyproject.toml": '[project]\nname = "news"\ndependencies = ["flask>=3"]\n', "uv.lock": '[[package]]\nname = "news"\nsource = { virtual = "." }\n[package.metadata]\nrequires-dist = [{ name = "flask", specifier = ">=2" }]\n' }),
  DEPENDENCIES_PRIVATE: () => refusal({ ...FLASK_APP, "requirements.txt": "flask\n--extra-index-url https://reader:secret@pypi.example.com/simple\n" }),
  DEPENDENCIES_UNSUPPORTED: () => refusal({ ...FLASK_APP, Pipfile: '[packages]\nflask = "*"\n' }),
  VERSION_UNSUPPORTED: () => refusal({ ...FLASK_APP, "requirements.txt": "flask\n", ".python-version": "3.8.10\n" }),
  LISTENS_LOCALLY: () => refusal({ "main.py": 'from http.server import HTTPServer\nHTTPServer(("localhost", 8000), None).serve_forever()\n' }),
};

describe("an error", () => {
  test.each(CODES.map((code) => [code, EXAMPLES[code]] as const))("%s is what docs/errors.md shows", async (code, example) => {
    const error = await example();
    expect(error).toMatchObject({ code });
    const shown = /```text\n([^]*?)\n```/.exec(sections.get(code) ?? "")?.[1];
    expect(shown).toBe(error instanceof RecipeError ? `${code}: ${error.problems.join("\n")}` : (error as Error).message);
  });

  test("has a section, and every section is of an error", () => {
    expect([...sections.keys()].sort()).toEqual([...CODES].sort());
  });
});
