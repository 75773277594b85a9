import { describe, expect, test } from "@jest/globals";
import { DockerfileParser } from "dockerfile-ast";
import fc from "fast-check";
import { detectRecipe } from "../../recipes/detection.ts";
import { render } from "../../recipes/dockerfiles/template.ts";
import { TEMPLATES } from "../../recipes/dockerfiles/templates.ts";
import { RecipeError } from "../../recipes/errors.ts";
import { listedTree } from "../../recipes/listed-tree.ts";
import type { Recipe } from "../../recipes/recipe.ts";
import { readSource } from "../../recipes/source.ts";

const instructions = (text: string) => DockerfileParser.parse(text).getInstructions();
const rendered = Object.entries(TEMPLATES).flatMap(([name, template]) => [
  [`${name} with BuildKit`, render(template, { buildkit: true })] as const,
  [`${name} without BuildKit`, render(template, { buildkit: false })] as const,
]);

describe.each(rendered)("the Dockerfile %s", (name, text) => {
  const all = instructions(text);
  const of = (keyword: string) => all.filter((each) => each.getKeyword() === keyword);

  test("ends as a numeric user who is not root, with a command in exec form", () => {
    expect(of("USER").at(-1)!.getArgumentsContent()).toMatch(/^[1-9]\d+:[1-9]\d+$/);
    expect(all.at(-1)!.toString()).toMatch(/^CMD \["\w+"\]$/);
  });

  test("asks for its health in exec form, by the interpreter that it has", () => {
    const [, ...words] = /^HEALTHCHECK (?:--\S+ )+CMD (.*)$/.exec(of("HEALTHCHECK").at(-1)!.toString())!;
    expect(JSON.parse(words[0]!)).toEqual([JSON.parse(all.at(-1)!.getArgumentsContent()!)[0], expect.stringMatching(/^-[ce]$/), expect.stringContaining("PORT")]);
  });

  test("has the labels of the Open Container Initiative in its last stage, after everything that costs time", () => {
    const labels = all.findIndex((each) => each.getKeyword() === "LABEL");
    expect(all[labels]!.toString()).toMatch(/org\.opencontainers\.image\.title=.*org\.opencontainers\.image\.version=/);
    expect(all.slice(labels).filter((each) => ["RUN", "COPY", "FROM"].includes(each.getKeyword()))).toEqual([]);
  });

  test("copies code after dependencies are installed", () => {
    const copies = all.map((each, at) => (each.getKeyword() === "COPY" && each.getArgumentsContent() === "app/ ./" ? at : -1)).filter((at) => at >= 0);
    for (const at of copies) expect(all.slice(0, at).some((each) => each.getKeyword() === "RUN")).toBe(true);
  });

  test("takes its base image as an argument, without a default that could be used by mistake", () => {
    expect(all[0]!.toString()).toBe("ARG BASE_IMAGE");
    const stages = new Set<string>(["${BASE_IMAGE}"]);
    for (const [base, , stage] of of("FROM").map((each) => each.getArguments().map((argument) => argument.getValue()))) {
      expect(stages).toContain(base);
      if (stage !== undefined) stages.add(stage);
    }
  });

  test("needs no frontend beyond the builder's own", () => {
    expect(text).not.toMatch(/# *syntax|--link|<<-?\w/);
  });

  test("has BuildKit's syntax only for builders that have it", () => {
    if (name.endsWith("without BuildKit")) expect(text).not.toMatch(/--mount|--network|--security/);
    else for (const run of of("RUN").map(String).filter((each) => /\b(uv|pip|npm|pnpm|yarn) (pip |ci|install|sync|workspaces)/.test(each))) expect(run).toMatch(/^RUN --mount=type=cache,target=/);
  });

  test("is the same for either builder but for the options of RUN", () => {
    const [twin] = rendered.filter(([other]) => other !== name && other.split(" ")[0] === name.split(" ")[0]);
    const plain = (dockerfile: string) => dockerfile.replace(/--mount=\S+ /g, "");
    expect(plain(text)).toBe(plain(twin![1]));
  });
});

describe("whatever a user writes", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("x\nRUN id", "x\r\nUSER root", "$(id)", "${BASE_IMAGE}", "`id`", "\\\nRUN id", '"]\nRUN id', "a b", "--force", "# syntax=evil", "<<EOF"),
    fc.stringMatching(/^[a-z][a-z0-9+.-]{1,20}$/),
  );
  const known = new Set(rendered.map(([, text]) => instructions(text).map(String).join("\n")));

  /** Words that are allowed, up to what follows them. */
  const close = fc.tuple(fc.stringMatching(/^[a-z]{2,6}$/), fc.constantFrom("", "", "\nRUN id", "\r", " && id", ";id", "$X", "\u2028RUN id", "\u0000", "\n")).map(([start, end]) => start + end);
  const FIELDS: Record<string, (text: string) => object> = {
    name: (text) => ({ name: text }),
    group: (text) => ({ group: text }),
    entrypoint: (text) => ({ entrypoint: `${text}:app` }),
    command: (text) => ({ command: [text] }),
    words: (text) => ({ command: text }),
    healthPath: (text) => ({ healthPath: `/${text}` }),
    environment: (text) => ({ environment: { A: text } }),
    variable: (text) => ({ environment: { [text]: "a" } }),
    secrets: (text) => ({ secrets: [text] }),
    systemPackages: (text) => ({ systemPackages: ["tzdata", text] }),
    tags: (text) => ({ tags: { [text]: text } }),
    imageTags: (text) => ({ build: { tags: [text] } }),
    volumes: (text) => ({ volumes: [{ storage: text, mountPath: `/${text}` }] }),
    ttl: (text) => ({ ttl: text }),
  };

  test("and wherever, the instructions of the Dockerfile stay the same", async () => {
    const accepted = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(FIELDS)), fc.oneof(close, nasty), fc.oneof(fc.string(), nasty), fc.oneof(fc.string(), nasty), async (field, text, requirement, code) => {
        const app = `from flask import Flask\napp = Flask(__name__)\n# ${code}\n`;
        const files: Record<string, string> = { "tool.yaml": JSON.stringify(FIELDS[field]!(text)), "requirements.txt": `flask\n${requirement}`, ...(field !== "entrypoint" && { "app.py": app }), [`${text.replace(/[/\0]/g, "_")}.py`]: field === "entrypoint" ? app : code };
        const tree = listedTree(Object.entries(files).map(([path, content]) => ({ path, executable: false, size: content.length, read: async () => Buffer.from(content) })));
        const recipe = await readSource(tree).then((source) => detectRecipe(source)).catch((error: unknown) => error);
        if (recipe instanceof RecipeError) return;
        accepted.add(field);
        const { dockerfile, build } = recipe as Recipe;
        expect(known).toContain(instructions(dockerfile).map(String).join("\n"));
        expect(build.args.SYSTEM_PACKAGES ?? "").toMatch(/^([a-z0-9][a-z0-9+.-]+( (?!$)|$))*$/);
      }),
      { numRuns: 1_000 },
    );
    // A time to live has few words.
    expect([...accepted].sort()).toEqual(Object.keys(FIELDS).filter((field) => field !== "ttl").sort());
  });

  test("and wherever in a package.json", async () => {
    let accepted = 0;
    const word = fc.oneof(close, nasty);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("name", "main", "start", "build", "engines", "dependency", "version", "packageManager"), word, async (field, text) => {
        const manifest = {
          name: field === "name" ? text : "weather",
          main: field === "main" ? text : "server.js",
          scripts: { ...(field === "start" && { start: `node server.js ${text}` }), ...(field === "build" && { build: text }) },
          engines: { node: field === "engines" ? `>=20 ${text}` : ">=20" },
          dependencies: { [field === "dependency" ? text : "ms"]: field === "version" ? text : "2.1.3" },
          ...(field === "packageManager" && { packageManager: `pnpm@10.1.0${text}` }),
        };
        const files: Record<string, string> = { "package.json": JSON.stringify(manifest), "server.js": 'require("http").createServer().listen(process.env.PORT);' };
        const tree = listedTree(Object.entries(files).map(([path, content]) => ({ path, executable: false, size: content.length, read: async () => Buffer.from(content) })));
        const recipe = await readSource(tree).then((source) => detectRecipe(source)).catch((error: unknown) => error);
        if (recipe instanceof RecipeError) return;
        accepted += 1;
        const { dockerfile, build } = recipe as Recipe;
        expect(known).toContain(instructions(dockerfile).map(String).join("\n"));
        expect(Object.values(build.args).join(" ")).toMatch(/^[\w.:-]+( [\w.:-]+)*$/);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
