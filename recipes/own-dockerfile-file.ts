import { RecipeError } from "./errors.ts";
import type { Manifest } from "./manifest/manifest.ts";
import type { OwnDockerfile } from "./recipe.ts";
import { notRegular } from "./source-listing.ts";
import type { SourceTree } from "./source-tree.ts";

/** Where a Dockerfile is looked for when the manifest names none, in this order. */
const PLACES = ["Dockerfile", "scripts/Dockerfile", "docker/Dockerfile"];
/** 1 MiB: a long one has a thousand lines. */
const MAX_DOCKERFILE_BYTES = 1024 * 1024;

/**
 * The folder's own Dockerfile, if one is to be used: a manifest that names another runtime does without.
 *
 * @throws RecipeError `DOCKERFILE_MISSING`, at the line of the manifest that names it; `DOCKERFILE_INVALID` when it is too long
 */
export async function findOwnDockerfile(tree: SourceTree, { file, fields, problem }: Manifest): Promise<Omit<OwnDockerfile, "outside"> | undefined> {
  if (fields.runtime !== undefined && fields.runtime !== "dockerfile") return undefined;
  const { dockerfile, context } = fields.build;
  if (context !== undefined && context !== "." && (await tree.kindOf(context)) !== "folder") {
    throw new RecipeError([problem(["build", "context"], "DOCKERFILE_MISSING", `is ${JSON.stringify(context)}, and there is no such folder`, { value: context })]);
  }
  for (const path of dockerfile === undefined ? PLACES : [dockerfile]) {
    const kind = await tree.kindOf(path);
    if (kind === undefined || (kind === "folder" && dockerfile === undefined)) continue;
    if (kind === "folder") break;
    if (kind !== "file") throw new RecipeError([notRegular(path, kind)]);
    const found = await tree.file(path);
    if (found.size > MAX_DOCKERFILE_BYTES) throw new RecipeError([{ code: "DOCKERFILE_INVALID", message: `is ${found.size} bytes long; allowed: ${MAX_DOCKERFILE_BYTES}`, file: path, value: found.size, allowed: `${MAX_DOCKERFILE_BYTES} bytes` }]);
    return { path, text: new TextDecoder().decode(await found.read()) };
  }
  if (dockerfile !== undefined) {
    const there = [];
    for (const path of PLACES) if ((await tree.kindOf(path)) === "file") there.push(path);
    const allowed = there.length > 0 ? there.join(", ") : "the path of a Dockerfile, relative to the tool's folder";
    throw new RecipeError([problem(["build", "dockerfile"], "DOCKERFILE_MISSING", `is ${JSON.stringify(dockerfile)}, and there is no such file; allowed: ${allowed}`, { value: dockerfile, allowed })]);
  }
  if (fields.runtime === "dockerfile") {
    throw new RecipeError([problem(["runtime"], "DOCKERFILE_MISSING", `is dockerfile, and there is none of ${PLACES.join(", ")}; name it in build.dockerfile of ${file}`, { value: "dockerfile", allowed: PLACES.join(", ") })]);
  }
  return undefined;
}
