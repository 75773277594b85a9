import { readFile } from "node:fs/promises";
import type { Recipe, RecipeMaker, Source } from "./recipe.ts";
import { RecipeError } from "./recipe.ts";
import { nodejs } from "./runtimes/nodejs.ts";
import { ownDockerfile } from "./runtimes/own-dockerfile.ts";
import { pythonFastapi } from "./runtimes/python-fastapi.ts";
import { pythonFlask } from "./runtimes/python-flask.ts";
import type { SourceFile } from "./source-listing.ts";

/**
 * First match wins: what the folder says itself comes before what its dependencies tell. Within a group one that cannot
 * be built so lets the next try (both frameworks may be asked for), but never another language.
 */
const MAKERS: readonly (readonly RecipeMaker[])[] = [[ownDockerfile], [pythonFastapi, pythonFlask], [nodejs]];

/**
 * Finds out what a folder is.
 *
 * @throws RecipeError when it is nothing known, or known but not to be built so
 */
export async function detectRecipe(files: readonly SourceFile[]): Promise<Recipe> {
  if (files.length === 0) throw new RecipeError(["it is empty"]);
  const source = sourceOf(files);
  for (const group of MAKERS) {
    const problems: string[] = [];
    for (const maker of group) {
      const found = await maker.recognise(source);
      if (found === undefined) continue;
      if (!("problems" in found)) return found;
      problems.push(...found.problems);
    }
    if (problems.length > 0) throw new RecipeError(problems);
  }
  const known = MAKERS.flat().map((maker) => maker.id);
  throw new RecipeError([
    `it is none of ${known.join(", ")}: needed is a Dockerfile, a requirements.txt that asks for flask or fastapi, or a package.json`,
  ]);
}

function sourceOf(files: readonly SourceFile[]): Source {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const texts = new Map<string, Promise<string>>();
  return {
    files: [...files],
    has: (path) => byPath.has(path),
    text: (path) => {
      const text = texts.get(path) ?? readFile(byPath.get(path)!.location, "utf8").then((content) => content.replace(/^\uFEFF/, ""));
      texts.set(path, text);
      return text;
    },
  };
}
