import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import * as dockerfiles from "../../recipes/dockerfiles.ts";
import { detectRecipe } from "../../recipes/detection.ts";
import { listSource } from "../../recipes/source-listing.ts";
import { Folder } from "./folder.ts";

describe.each(Object.entries(dockerfiles))("the Dockerfile %s", (_name, text) => {
  const lines = text.split("\n");

  test("ends as a numeric user who is not root, with a command in exec form", () => {
    expect(lines.filter((line) => line.startsWith("USER")).at(-1)).toMatch(/^USER [1-9]\d+:[1-9]\d+$/);
    expect(lines.at(-2)).toMatch(/^CMD \["\w+"\]$/);
  });

  test("installs dependencies, with a cache mount, before code is copied", () => {
    const install = lines.findIndex((line) => line.startsWith("RUN --mount=type=cache"));
    expect(install).toBeGreaterThan(0);
    expect(install).toBeLessThan(lines.indexOf("COPY app/ ./"));
  });

  test("takes its base image as an argument, without a default that could be used by mistake", () => {
    expect(lines[0]).toBe("ARG BASE_IMAGE");
    expect(lines.filter((line) => line.startsWith("FROM")).every((line) => line.startsWith("FROM ${BASE_IMAGE}"))).toBe(true);
  });

  test("needs no frontend beyond the builder's own", () => {
    expect(text).not.toMatch(/# syntax|--link|<<EOF/);
  });
});

test("nothing of the user's gets into a Dockerfile", async () => {
  const known = new Set<string>(Object.values(dockerfiles));
  const line = fc.string({ minLength: 1 }).map((text) => text.replace(/[\r\n]/g, " "));
  await fc.assert(
    fc.asyncProperty(line, line, async (text, other) => {
      using folder = new Folder({
        "requirements.txt": `flask ${text}\n${other}`,
        "app.py": `app = Flask("${text}")\n# ${other}`,
        "package.json": JSON.stringify({ scripts: { start: `node ${text}` }, name: other }),
      });
      const recipe = await detectRecipe(await listSource(folder.path)).catch(() => undefined);
      if (recipe) expect(known).toContain(recipe.dockerfile);
    }),
    { numRuns: 50 },
  );
});
