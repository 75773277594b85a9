import { describe, expect, test } from "@jest/globals";
import { allows } from "../../../recipes/python/python-version.ts";
import { detect, refusalOf } from "./detect.ts";

const app = { "app.py": "from flask import Flask\napp = Flask(__name__)\n" };
const installed = async (files: Record<string, string | Uint8Array>) => {
  const { files: beside } = (await detect({ ...app, ...files })).build;
  return Object.fromEntries(Object.entries(beside).map(([name, text]) => [name.replace("dependencies/", ""), text]));
};

describe("requirements", () => {
  test.each<[string, string, Record<string, string>]>([
    ["comments, continued lines and Windows line endings", "# web\r\nflask \\\r\n  >=3  # why\r\n\r\n", { "requirements.txt": "flask >=3\n" }],
    ["an address with a fragment", "flask @ https://example.com/flask.whl#sha256=00\n", { "requirements.txt": "flask @ https://example.com/flask.whl#sha256=00\n" }],
    ["local folders and wheels, which wait for the code", "flask\n-e .\n./libs/x\nwheels/y-1.0-py3-none-any.whl\n", { "requirements.txt": "flask\n", "local.txt": "-e .\n./libs/x\nwheels/y-1.0-py3-none-any.whl\n" }],
    ["public indexes", "--extra-index-url https://download.example.com/cpu\nflask\n--trusted-host x\n", { "requirements.txt": "--extra-index-url https://download.example.com/cpu\nflask\n" }],
  ])("with %s", async (_what, text, expected) => {
    expect(await installed({ "requirements.txt": text })).toMatchObject(expected);
  });

  test("include each other, once, and constraints stay constraints", async () => {
    const files = { "requirements.txt": "-r more/a.txt\n-c c.txt\nflask\n", "more/a.txt": "--requirement=b.txt\n-r ../requirements.txt\nx\n", "more/b.txt": "y\n", "c.txt": "z<2\n" };
    expect(await installed(files)).toEqual({ "requirements.txt": "y\nx\nflask\n", "constraints.txt": "z<2\n", "local.txt": "" });
  });

  test("in UTF-16, either way round, are read", async () => {
    const little = Buffer.from("\uFEFFflask\r\n", "utf16le");
    for (const bytes of [little, Buffer.from(little).swap16()]) expect(await installed({ "requirements.txt": bytes })).toMatchObject({ "requirements.txt": "flask\n" });
  });

  test("with hashes, pre-releases and git say so to the build", async () => {
    expect((await detect({ ...app, "requirements.txt": "flask==3.1.3 --hash=sha256:00\n--pre\nx @ git+https://example.com/x\n" })).build.args).toMatchObject({ INSTALL_OPTIONS: "--require-hashes --prerelease=allow", BUILD_PACKAGES: "git" });
  });

  test("longer than any real list are not read", async () => {
    expect(await refusalOf({ ...app, "requirements.txt": new Uint8Array(8 * 1024 * 1024 + 1).fill(0x61) })).toMatchObject({ code: "DEPENDENCIES_INVALID", problems: ["requirements.txt: is 8388609 bytes long; allowed: 8388608"] });
  });

  test.each([["-r ../up.txt"], ["-r gone.txt"]])("%s is refused", async (line) => {
    expect(await refusalOf({ ...app, "requirements.txt": `flask\n${line}\n` })).toMatchObject({ code: "DEPENDENCIES_INVALID", problems: [expect.stringMatching(/^requirements\.txt:2: includes .* not in the folder$/)] });
  });

  test.each([
    ["--index-url https://user:hunter2@pypi.example.com/simple"],
    ["x @ https://hunter2@files.example.com/x.whl"],
    ["git+ssh://git@example.com/hunter2/x.git"],
    ["--extra-index-url https://${hunter2}@pypi.example.com"],
  ])("with a login are refused without repeating it: %s", async (line) => {
    const { code, problems } = await refusalOf({ ...app, "requirements.txt": `flask\n${line}\n` });
    expect(code).toBe("DEPENDENCIES_PRIVATE");
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain("hunter2");
  });
});

describe("pyproject.toml", () => {
  const project = (more = "") => `[project]\nname = "news"\nversion = "1"\ndependencies = ["flask>=3"]\n${more}`;

  test("of tools such as linters lists nothing", async () => {
    expect((await detect({ ...app, "pyproject.toml": "[tool.ruff]\n", "requirements.txt": "flask\n" })).packageManager).toBe("pip");
  });

  test.each<[string, string, string]>([
    ["is not TOML", "[project\n", "DEPENDENCIES_INVALID"],
    ["has indexes of uv and no lock file", project('[[tool.uv.index]]\nurl = "https://pypi.example.com/simple"\n'), "DEPENDENCIES_UNSUPPORTED"],
    ["has an index with a login", project('[[tool.uv.index]]\nurl = "https://me:secret@pypi.example.com/simple"\n'), "DEPENDENCIES_PRIVATE"],
    ["is Poetry's and has no lock file", '[tool.poetry.dependencies]\nflask = "^3"\n', "DEPENDENCIES_UNSUPPORTED"],
  ])("that %s is refused", async (_what, text, code) => {
    expect((await refusalOf({ ...app, "pyproject.toml": text })).code).toBe(code);
  });

  test.each<[string, string]>([
    ["", 'uv.lock: does not know flask>=3: it is older than pyproject.toml; run "uv lock" and deploy again'],
    ['{ name = "flask", specifier = ">=3" }, { name = "gone" }', "uv.lock: was made for gone too, which pyproject.toml does not ask for: it is older"],
    ['{ name = "flask", specifier = ">=2" }', "uv.lock: was made for flask>=2, and pyproject.toml asks for flask>=3: it is older"],
  ])("and a uv.lock for [%s] are out of step", async (locked, problem) => {
    const lock = `[[package]]\nname = "news"\nsource = { virtual = "." }\n[package.metadata]\nrequires-dist = [${locked}]\n`;
    expect((await refusalOf({ ...app, "pyproject.toml": project(), "uv.lock": lock })).problems).toEqual([expect.stringContaining(problem)]);
  });

  test.each([
    ['"numpy<2 ; python_version < \'3.10\'", "numpy>=2 ; python_version >= \'3.10\'"', '{ name = "numpy", marker = "python_full_version < \'3.10\'", specifier = "<2" }, { name = "numpy", marker = "python_full_version >= \'3.10\'", specifier = ">=2" }'],
    ['"flask >= 3.0.0-beta1, < 4"', '{ name = "flask", specifier = ">=3.0.0b1,<4" }'],
  ])("[%s] and a uv.lock for [%s] are in step", async (asked, locked) => {
    const files = { "pyproject.toml": `[project]\nname = "news"\ndependencies = [${asked}]\n`, "uv.lock": `[[package]]\nname = "news"\nsource = { virtual = "." }\n[package.metadata]\nrequires-dist = [${locked}]\n` };
    expect((await detect({ ...app, ...files })).packageManager).toBe("uv");
  });

  test("and a poetry.lock without one of its packages are out of step", async () => {
    const files = { "pyproject.toml": '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.11"\nFlask = "^3"\n', "poetry.lock": "" };
    expect((await refusalOf({ ...app, ...files })).problems).toEqual(['poetry.lock: does not know flask: it is older than pyproject.toml; run "poetry lock" and deploy again']);
    expect((await detect({ ...app, ...files, "poetry.lock": '[[package]]\nname = "flask"\n' })).packageManager).toBe("poetry");
  });
});

describe("the version of Python", () => {
  test.each<[Record<string, string>, string]>([
    [{}, "3.11"],
    [{ ".python-version": "# pinned\n3.13.1\n" }, "3.13"],
    [{ "runtime.txt": "python-3.12.4\r\n" }, "3.12"],
    [{ ".python-version": "3\n" }, "3.11"],
  ])("%j is %s", async (files, version) => {
    expect((await detect({ ...app, "requirements.txt": "flask\n", ...files })).build.args.BASE_IMAGE).toBe(`python:${version}-slim-bookworm`);
  });

  test.each<[string, string[]]>([
    [">=3.10", ["3.10", "3.11", "3.12", "3.13", "3.14"]],
    [">=3.12,<3.14", ["3.12", "3.13"]],
    ["^3.11", ["3.11", "3.12", "3.13", "3.14"]],
    ["~3.12", ["3.12"]],
    ["~=3.12.1", ["3.12"]],
    ["~=3.12", ["3.12", "3.13", "3.14"]],
    ["==3.13.*", ["3.13"]],
    [">3.11", ["3.12", "3.13", "3.14"]],
    [">3.11.2, !=3.12.*", ["3.11", "3.13", "3.14"]],
    ["<=3.11", ["3.10", "3.11"]],
    ["<3.11.5", ["3.10", "3.11"]],
    [">=3.9,<4", ["3.10", "3.11", "3.12", "3.13", "3.14"]],
    [">=2.7", ["3.10", "3.11", "3.12", "3.13", "3.14"]],
    ["<3", []],
    [">=3.15", []],
  ])("%s allows %j", (specifier, versions) => {
    expect((["3.10", "3.11", "3.12", "3.13", "3.14"] as const).filter((version) => allows(specifier, version))).toEqual(versions);
  });

  test.each([["pypy3.10"], ["3.8"], ["2.7.18"]])("%s is refused", async (written) => {
    expect((await refusalOf({ ...app, "requirements.txt": "flask\n", ".python-version": written })).code).toBe("VERSION_UNSUPPORTED");
  });
});
