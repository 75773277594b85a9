import { describe, expect, test } from "@jest/globals";
import { detectRecipe } from "../../../recipes/detection.ts";
import type { RecipeError } from "../../../recipes/errors.ts";
import { folderTree } from "../../../recipes/folder-tree.ts";
import { readSource } from "../../../recipes/source.ts";
import { Folder } from "../folder.ts";

type Files = Record<string, string>;
async function detect(files: Files) {
  using folder = new Folder(files);
  return await detectRecipe(await readSource(folderTree(folder.path)));
}
const problemsOf = async (files: Files): Promise<string[]> => await detect(files).then(() => [], (error: unknown) => (error as RecipeError).problems);
const SERVER = 'require("http").createServer().listen(process.env.PORT);\n';
const tool = (fields: object, files: Files = {}): Files => ({ "package.json": JSON.stringify(fields), "server.js": SERVER, ...files });
const NEEDY = { scripts: { start: "node server.js" }, dependencies: { ms: "^2.1.0" } };

describe("the start script", () => {
  test.each([
    ["node --enable-source-maps -r ./env.js server.js --verbose", ["node", "--enable-source-maps", "-r", "./env.js", "server.js", "--verbose"]],
    ["node --watch --inspect=0.0.0.0 server.js", ["node", "server.js"]],
    ["cross-env NODE_ENV=production node .", ["node", "server.js"]],
    ["nodemon ./server", ["node", "server.js"]],
    ["node server.js | pino-pretty", ["npm", "run", "--silent", "start"]],
    ["node 'server.js'", ["npm", "run", "--silent", "start"]],
    ["pm2-runtime server.js", ["npm", "run", "--silent", "start"]],
  ])("%j runs %j", async (start, command) => {
    expect((await detect(tool({ main: "server", scripts: { start } }))).command).toEqual(command);
  });

  test.each(["npm run build && node dist/server.js", "yarn build && node dist/server.js", "tsc -p . && node dist/server.js"])("%j leaves the build to the image's", async (start) => {
    const files = tool({ scripts: { start, build: "tsc -p ." }, devDependencies: { typescript: "^5" } }, { "src/server.ts": SERVER });
    expect((await detect(files)).command).toEqual(["node", "dist/server.js"]);
  });

  test.each([
    ["nest start", "@nestjs/cli", "the start script runs nest, and @nestjs/cli is in devDependencies"],
    ["tsc && node dist/server.js", "typescript", "the start script runs tsc, and typescript is in devDependencies"],
    ["NODE_ENV=production npx vite preview", "vite", "the start script runs vite, and vite is in devDependencies"],
  ])("%j of a developer's %s is refused", async (start, name, problem) => {
    expect(await problemsOf(tool({ scripts: { start }, devDependencies: { [name]: "^5" } }))).toEqual([expect.stringContaining(problem)]);
    expect(await problemsOf(tool({ scripts: { start }, dependencies: { [name]: "^5" } }))).toEqual([]);
  });

  test("sets what it sets, and its port counts", async () => {
    expect(await detect(tool({ scripts: { start: "PORT=4000 MODE=fast node server.js" } }))).toMatchObject({ port: 4000, environment: { MODE: "fast" } });
  });

  test("of a file that is not there and that nothing makes is refused", async () => {
    expect(await problemsOf(tool({ scripts: { start: "node dist/gone.js" } }))).toEqual([expect.stringContaining('runs "dist/gone.js", which is not there, and there is no build script')]);
  });
});

describe("the version of Node", () => {
  test.each([
    [{ engines: { node: ">=18" } }, {}, "24"],
    [{ engines: { node: "^20.10 || ^22" } }, {}, "22"],
    [{ engines: { node: "20.11.1" } }, {}, "20"],
    [{ engines: { node: ">=20" }, volta: { node: "22.4.0" } }, {}, "22"],
    [{}, { ".nvmrc": "v22\n" }, "22"],
    [{}, { ".nvmrc": "lts/iron" }, "20"],
    [{ engines: { node: "20" } }, { ".node-version": "# ours\n24.1.0\n" }, "24"],
  ])("of %j and %j is %s", async (fields, files, version) => {
    expect((await detect(tool(fields, files as Files))).build.args.BASE_IMAGE).toBe(`node:${version}-bookworm-slim`);
  });

  test.each([[{ engines: { node: "<20" } }, {}], [{ engines: { node: "banana" } }, {}], [{}, { ".nvmrc": "v25" }]])("of %j and %j is refused", async (fields, files) => {
    expect(await problemsOf(tool(fields, files as Files))).toEqual([expect.stringMatching(/asks for Node ".*"; allowed: 20, 22, 24$/)]);
  });
});

describe("dependencies", () => {
  const lock = (packages: object) => ({ "package-lock.json": JSON.stringify({ lockfileVersion: 3, packages }) });
  test("are installed from files that an edit of scripts leaves as they are", async () => {
    const files = { ...lock({ "node_modules/ms": { version: "2.1.3" } }), ".npmrc": "registry=https://npm.example.com/\nfund=false\n" };
    const before = await detect(tool(NEEDY, files));
    const after = await detect(tool({ ...NEEDY, version: "1.0.0", description: "new", scripts: { start: "node server.js", lint: "eslint" } }, files));
    expect(Object.keys(before.build.files).sort()).toEqual(["install/.npmrc", "install/package-lock.json", "install/package.json", "start.cjs"]);
    expect(before.build.files["install/.npmrc"]).toBe("registry=https://npm.example.com/\n");
    expect(JSON.parse(after.build.files["install/package.json"]!)).toEqual({ version: "1.0.0", dependencies: { ms: "^2.1.0" } });
  });

  test.each([
    [NEEDY, lock({ "node_modules/ms": { version: "2.1.3" } })],
    [NEEDY, lock({ "node_modules/ms": { resolved: "ms", link: true } })],
    [NEEDY, lock({ "node_modules/ms": { version: "2.1.3", resolved: "git+ssh://git@github.com/vercel/ms.git#1c6264b" } })],
    [NEEDY, { "package-lock.json": '{ "lockfileVersion": 1 }' }],
    [{ ...NEEDY, optionalDependencies: { fsevents: "^2" } }, lock({ "node_modules/ms": { version: "2.1.3" } })],
    [NEEDY, { "pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ms:\n        specifier: ^2.1.0\n        version: 2.1.3\n" }],
    [{ ...NEEDY, packageManager: "pnpm@7.33.7" }, { "pnpm-lock.yaml": "lockfileVersion: 5.4\nspecifiers:\n  ms: ^2.1.0\ndependencies:\n  ms: 2.1.3\n" }],
    [{ ...NEEDY, devDependencies: { ms: "^2.1.0" } }, { "pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ms:\n        specifier: ^2.1.0\n        version: 2.1.3\n" }],
    [{ ...NEEDY, pnpm: { overrides: { ms: "2.1.3" } } }, { "pnpm-lock.yaml": "lockfileVersion: '9.0'\noverrides:\n  ms: 2.1.3\nimporters:\n  .:\n    dependencies:\n      ms:\n        specifier: 2.1.3\n        version: 2.1.3\n" }],
    [{ ...NEEDY, packageManager: "yarn@1.22.22" }, { "yarn.lock": "", "package-lock.json": "{}" }],
  ])("%j with %j are in step", async (fields, files) => {
    expect(await problemsOf(tool(fields, files as unknown as Files))).toEqual([]);
  });

  test.each([
    [NEEDY, lock({ "node_modules/ms": { version: "2.0.0" } }), 'package-lock.json: is older than package.json, which asks for ms ^2.1.0 (locked: 2.0.0); run "npm install --package-lock-only"'],
    [NEEDY, lock({}), "ms ^2.1.0 (not locked)"],
    [NEEDY, { "package-lock.json": "<<<<<<< HEAD" }, "package-lock.json: is not JSON"],
    [NEEDY, { "pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ms:\n        specifier: ^2.0.0\n        version: 2.1.3\n" }, "ms ^2.1.0 (locked for: ^2.0.0)"],
    [NEEDY, { "pnpm-lock.yaml": "lockfileVersion: 5.3\n" }, "has lockfileVersion 5.3; allowed: 6.0, 6.1, 9.0"],
    [{ ...NEEDY, packageManager: "yarn@3.6.0" }, { "yarn.lock": "__metadata:\n  version: 6\n" }, "is of Yarn 3.6.0; allowed: Yarn 1, Yarn 4"],
    [{ ...NEEDY, packageManager: "pnpm@$(id)" }, {}, 'packageManager is "pnpm@$(id)"; allowed: npm, pnpm or yarn with an exact version'],
    [NEEDY, { "pnpm-lock.yaml": "", "bun.lockb": "" }, "pnpm-lock.yaml and bun.lockb are both there"],
    [{ ...NEEDY, workspaces: ["packages/*"] }, {}, "package.json: is of a workspace"],
    [{ ...NEEDY, dependencies: { lib: "file:../lib" } }, {}, "asks for lib file:../lib"],
    [{ ...NEEDY, scripts: { start: "node server.js", postinstall: "prisma generate" } }, {}, "has the script postinstall: prisma generate, which changes installed packages"],
    [NEEDY, lock({ "node_modules/ms": { version: "2.1.3", resolved: "https://me:secret@npm.example.com/ms.tgz" } }), "package-lock.json: has a login"],
    [NEEDY, { ".npmrc": "registry=https://me:secret@npm.example.com/" }, ".npmrc:1: has a login"],
    [NEEDY, { ".yarnrc.yml": "npmScopes:\n  acme:\n    npmAuthToken: secret\n" }, ".yarnrc.yml: has a login"],
  ])("%j with %j are refused: %s", async (fields, files, problem) => {
    const problems = await problemsOf(tool(fields, files as Files));
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems.join()).not.toMatch(/secret[^s]/);
  });
});

describe("TypeScript", () => {
  const typed = (code: string, more: object = {}, files: Files = {}): Files => ({ "package.json": JSON.stringify({ type: "module", scripts: { start: "node src/server.ts" }, ...more }), "src/server.ts": `import { createServer } from "node:http";\n${code}\ncreateServer().listen(process.env.PORT);\n`, ...files });
  const NEWS: Files = { "src/news.ts": "export interface News { title: string }\nexport const make = (): void => {};\nexport type Both = string;\nexport const Both = 1;\n" };

  test.each([
    ["const enum A { B }", "has an enum"],
    ["namespace N { export const a = 1 }", "has a namespace"],
    ["class A { constructor(private a: number) {} }", "has a parameter property"],
    ["@decorated class A {}", "has a decorator"],
    ["const a = <string>b;", "has a cast in angle brackets"],
    ['import express, { json, Request as R, type Response } from "express";', "imports the type Request without the word type"],
    ['import { make, News } from "./news.ts";', "imports the type News without the word type"],
  ])("with %j needs a compiler", async (code, cause) => {
    expect(await problemsOf(typed(code, {}, NEWS))).toEqual([expect.stringContaining(`src/server.ts:2 ${cause}, so that Node cannot run it as it is; add a build script`)]);
  });

  test.each([['import express, { json, type Request } from "express";'], ['import { make, type News, Both } from "./news.ts";'], ["declare enum A { B }\ndeclare namespace N { const a: 1 }"], ["class A { private a = 1 }"], ['import type { A } from "./a";'], ["type A = Partial<{ a: 1 }>;"]])("with %j does not", async (code) => {
    expect(await problemsOf(typed(code, {}, NEWS))).toEqual([]);
  });

  test("is run by tsx where that is a dependency, and is too new for Node 20", async () => {
    expect((await detect(typed("enum A { B }", { scripts: { start: "tsx src/server.ts" }, dependencies: { tsx: "^4.0.0" } }))).command).toEqual(["node", "--import", "tsx", "src/server.ts"]);
    expect(await problemsOf(typed("", { engines: { node: "20" } }))).toEqual([expect.stringContaining("Node 20 runs no TypeScript")]);
  });
});

test("a page whose folder is another is refused by name", async () => {
  const page = { "package.json": JSON.stringify({ scripts: { build: "vite build" }, devDependencies: { vite: "^7.0.0" } }), "index.html": "", "vite.config.js": "export default {\n  build: { outDir: '../out' },\n};\n" };
  expect(await problemsOf(page)).toEqual(["is a web page of Vite, and vite.config.js:2 names another folder than dist for it; take outDir out, or add a Dockerfile"]);
});

test("a file of no server is no tool", async () => {
  expect(await problemsOf({ "index.js": 'document.body.append("hello");\n' })).toEqual([expect.stringContaining("nothing in it says what it is")]);
});

test("a page with a package.json for its developer is a static site, unless something in it listens", async () => {
  const page = { "package.json": JSON.stringify({ main: "index.js", scripts: { test: "jest" }, devDependencies: { jest: "^30" } }), "index.html": "", "index.js": 'document.title = "news";\n' };
  expect((await detect(page)).runtime).toBe("static");
  expect((await detect({ ...page, "index.js": SERVER })).runtime).toBe("nodejs");
});
