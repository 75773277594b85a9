import { describe, expect, test } from "@jest/globals";
import { DockerfileParser } from "dockerfile-ast";
import fc from "fast-check";
import { detectRecipe } from "../../recipes/detection.ts";
import { render } from "../../recipes/dockerfiles/template.ts";
import { TEMPLATES } from "../../recipes/dockerfiles/templates.ts";
import { folderTree } from "../../recipes/folder-tree.ts";
import { readSource } from "../../recipes/source.ts";
import { Folder } from "./folder.ts";

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
    else expect(text).toContain("RUN --mount=type=cache,target=");
  });

  test("is the same for either builder but for the options of RUN", () => {
    const [twin] = rendered.filter(([other]) => other !== name && other.split(" ")[0] === name.split(" ")[0]);
    const plain = (dockerfile: string) => dockerfile.replace(/--mount=\S+ /g, "");
    expect(plain(text)).toBe(plain(twin![1]));
  });
});

test("nothing of the user's gets into a Dockerfile", async () => {
  const known = new Set(rendered.map(([, text]) => text));
  const line = fc.string({ minLength: 1 }).map((text) => text.replace(/[\r\n]/g, " "));
  await fc.assert(
    fc.asyncProperty(line, line, async (text, other) => {
      using folder = new Folder({
        "requirements.txt": `flask ${text}\n${other}`,
        "app.py": `from flask import Flask\napp = Flask("${text}")\n# ${other}`,
        "tool.yaml": "runtime: python-flask",
      });
      const recipe = await detectRecipe(await readSource(folderTree(folder.path))).catch(() => undefined);
      if (recipe) expect(known).toContain(recipe.dockerfile);
    }),
    { numRuns: 50 },
  );
});
