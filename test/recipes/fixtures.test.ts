import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { detectRecipe } from "../../recipes/detection.ts";
import { RecipeError } from "../../recipes/errors.ts";
import { folderTree } from "../../recipes/folder-tree.ts";
import { readSource } from "../../recipes/source.ts";
import { CHECKOUT } from "../support/scratch-project.ts";
import { REFUSED_FIXTURES } from "./fixtures/refused.ts";
import { RECIPE_FIXTURES } from "./fixtures/recipes.ts";

const FIXTURES = join(CHECKOUT, "test/fixtures");

async function detect(fixture: string) {
  return await detectRecipe(await readSource(folderTree(join(FIXTURES, fixture))));
}

describe("a folder as it is found in the wild", () => {
  test.each(Object.entries(RECIPE_FIXTURES))("%s", async (fixture, expected) => {
    const { runtime, protocol, entrypoint, command, port, healthPath, packageManager, reasons, build } = await detect(fixture);
    const own = build.own && { path: build.own.path, outside: build.own.outside };
    expect({ runtime, protocol, entrypoint, command, port, healthPath, packageManager, reasons, own, args: build.args }).toEqual({ args: {}, ...expected });
  });

  test.each(Object.entries(REFUSED_FIXTURES))("%s is refused", async (fixture, expected) => {
    const error = await detect(fixture).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RecipeError);
    expect((error as RecipeError).code).toBe(expected.code);
    expect((error as RecipeError).problems).toEqual(expected.problems);
  });

  test("none is left out of the tables", () => {
    expect(readdirSync(FIXTURES).sort()).toEqual([...Object.keys(RECIPE_FIXTURES), ...Object.keys(REFUSED_FIXTURES)].sort());
  });
});
